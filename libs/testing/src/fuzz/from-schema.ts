// JSON Schema (the part of it that OCPP uses) -> arbitrary values that fit, for messages nobody has recorded.
import fc from 'fast-check';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const LONGEST_TEXT = 40;
const LONGEST_LIST = 3;
/** Some definitions hold themselves (sales tariffs): below this depth only what is required is made. */
const DEEPEST = 5;
/** A meter or a price; no figure of ours is larger. */
const LARGEST = 1_000_000;

const instants = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

export function fromSchema(schema: object): fc.Arbitrary<unknown> {
  return arbitraryOf(schema as Schema, schema as Schema, 0);
}

function arbitraryOf(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/definitions/', '');
    return arbitraryOf(root.definitions?.[name] ?? {}, root, depth + 1);
  }
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: Math.ceil(schema.minimum ?? 0), max: schema.maximum ?? LARGEST });
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, root, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(
          schema.minItems ?? 0,
          Math.min(schema.maxItems ?? LONGEST_LIST, depth > DEEPEST ? 1 : LONGEST_LIST),
        ),
      });
    case 'object':
      return objectOf(schema, root, depth);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function textOf({ format, minLength = 0, maxLength = LONGEST_TEXT }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return instants;
  if (format === 'uri') return fc.webUrl();
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST_TEXT)) });
}

function numberOf({ minimum = -LARGEST, maximum = LARGEST, multipleOf }: Schema): fc.Arbitrary<number> {
  if (multipleOf === undefined) return fc.double({ min: minimum, max: maximum, noNaN: true });
  const per = Math.round(1 / multipleOf);
  return fc.integer({ min: Math.ceil(minimum * per), max: Math.floor(maximum * per) }).map((n) => n / per);
}

function objectOf(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const required = schema.required ?? [];
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([name]) => depth <= DEEPEST || required.includes(name),
  );
  const shape = Object.fromEntries(
    fields.map(([name, field]) => [name, fc.memo(() => arbitraryOf(field, root, depth + 1))(1)]),
  );
  return fc.record(shape, { requiredKeys: required.filter((name) => name in shape) });
}
