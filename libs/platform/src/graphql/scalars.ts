import { decimal, type Decimal } from '@kilowatch/kernel';
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

const bad = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function instant(value: unknown): Date {
  if (typeof value === 'string' && ISO_INSTANT.test(value)) {
    const date = new Date(value);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw bad('DateTime must be an ISO 8601 instant with a zone, like 2026-11-21T10:00:00.000Z');
}

/** Date in resolvers; ISO 8601 UTC with milliseconds on the wire. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize(value) {
    const date = value instanceof Date ? value : instant(value);
    return date.toISOString();
  },
  parseValue: instant,
  parseLiteral: (node) => instant(node.kind === Kind.STRING ? node.value : undefined),
});

function decimalFrom(value: unknown): Decimal {
  if (typeof value === 'string' && /^-?\d{1,30}(\.\d{1,20})?$/.test(value)) return decimal(value);
  throw bad('Decimal must be a string of digits, like "12.30"');
}

/** Decimal in resolvers, a string on the wire: a JSON number would lose digits. */
export const decimalScalar = new GraphQLScalarType<Decimal, string>({
  name: 'Decimal',
  // A string is passed on as stored: "12.30" must keep its last zero.
  serialize: (value) => (typeof value === 'string' ? (decimalFrom(value), value) : decimalText(value)),
  parseValue: decimalFrom,
  parseLiteral: (node) => decimalFrom(node.kind === Kind.STRING ? node.value : undefined),
});

function decimalText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'toFixed' in value) return (value as Decimal).toFixed();
  throw new TypeError('a Decimal field holds neither a string nor a Decimal');
}

/** Any JSON value, for data whose shape is not ours (raw samples, details of an alert). */
export const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
