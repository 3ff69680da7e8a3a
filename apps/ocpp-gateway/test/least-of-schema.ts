interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The smallest value that fits a JSON schema (the part of it that OCPP uses): what is required, and no more. */
export function leastOf(schema: object): unknown {
  return least(schema as Schema, schema as Schema);
}

function least(schema: Schema, root: Schema): unknown {
  if (schema.$ref !== undefined) {
    return least(root.definitions?.[schema.$ref.replace('#/definitions/', '')] ?? {}, root);
  }
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return false;
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => least(schema.items ?? {}, root));
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, least(schema.properties?.[name] ?? {}, root)]),
      );
    default:
      return 'x';
  }
}

function textOf({ format, minLength = 1 }: Schema): string {
  if (format === 'date-time') return '2026-03-01T10:00:00Z';
  if (format === 'uri') return 'https://example.org/';
  return 'x'.repeat(Math.max(1, minLength));
}
