import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';

export interface MinimalCall {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Gives the value of an input by its name; undefined = make one up from its type. */
export type ValueFor = (name: string) => unknown;

/** Objects below the answer's own that are asked for too: what stands behind it must not leak either. */
const LEVELS_BELOW = 1;
/** They are Relay's wrapping, not levels. */
const WRAPPERS = new Set(['edges', 'node', 'nodes']);

/** The smallest valid call of a root field: required inputs only, and everything it answers that needs no input. */
export function minimalCall(
  operation: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  valueFor: ValueFor,
  extra: readonly string[] = [],
): MinimalCall {
  const args = field.args.filter((arg) => isRequiredArgument(arg) || extra.includes(arg.name));
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const call = passed ? `${field.name}(${passed})` : field.name;
  return {
    query: `${operation}${declared ? `(${declared})` : ''} { ${call} ${selection(field.type, LEVELS_BELOW)} }`,
    variables: Object.fromEntries(args.map((arg) => [arg.name, inputValue(arg.name, arg.type, valueFor)])),
  };
}

function inputValue(name: string, type: GraphQLInputType, valueFor: ValueFor): unknown {
  const given = valueFor(name);
  if (given !== undefined) return given;
  const plain = getNullableType(type);
  if (isListType(plain)) return [];
  if (isEnumType(plain)) return plain.getValues()[0]?.name;
  if (isInputObjectType(plain)) {
    const required = Object.values(plain.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(
      required.map((field) => [field.name, inputValue(field.name, field.type, valueFor)]),
    );
  }
  const made: unknown = MADE_UP[String(plain)];
  if (made === undefined) throw new Error(`no value for ${name}: ${String(type)}`);
  return made;
}

const MADE_UP: Readonly<Record<string, unknown>> = {
  String: 'made-up',
  Int: 1,
  Float: 1,
  Boolean: true,
  Decimal: '1.00',
  JSON: {},
  DateTime: '2026-01-01T00:00:00.000Z',
  // Of nobody.
  ID: '019aa000-0000-7000-8000-0000000000ff',
};

/** Everything of a type that needs no input, and what stands right behind it. */
export function everything(type: GraphQLOutputType): string {
  return selection(type, LEVELS_BELOW);
}

function selection(type: GraphQLOutputType, levels: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isUnionType(named)) return '{ __typename }';
  const fields = Object.values((named as GraphQLObjectType).getFields()).filter(
    ({ args }) => !args.some(isRequiredArgument),
  );
  const chosen = fields.flatMap((field) => {
    if (isLeafType(getNamedType(field.type))) return [field.name];
    const left = WRAPPERS.has(field.name) ? levels : levels - 1;
    return left < 0 ? [] : [`${field.name} ${selection(field.type, left)}`];
  });
  return `{ __typename ${chosen.join(' ')} }`;
}
