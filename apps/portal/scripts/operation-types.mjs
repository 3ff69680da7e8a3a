// TypeScript types of GraphQL operations: the result as selected, the variables, the input types they use.
import {
  Kind,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
  typeFromAST,
} from 'graphql';

const SCALARS = {
  ID: 'string',
  String: 'string',
  Boolean: 'boolean',
  Int: 'number',
  Float: 'number',
  DateTime: 'string',
  Decimal: 'string',
  JSON: 'unknown',
};

/** The type of an operation's data, or of a fragment; names of fragments it refers to are added to `used`. */
export function resultType(schema, definition, fragments, used) {
  const type =
    definition.kind === Kind.FRAGMENT_DEFINITION
      ? schema.getType(definition.typeCondition.name.value)
      : schema.getRootType(definition.operation);
  return selectionType({ schema, fragments, used }, definition.selectionSet, type);
}

function selectionType(context, set, type) {
  const concrete = isUnionType(type) ? type.getTypes() : [type];
  return concrete.map((one) => objectType(context, set, one)).join(' | ');
}

function objectType(context, set, type) {
  const fields = new Map();
  const named = set.selections
    .filter((selection) => isNamed(context, selection, type))
    .map(({ name }) => name.value);
  for (const name of named) context.used.add(name);
  collect(context, set, type, fields, false);
  const lines = [...fields].map(([key, { name, optional, selections }]) => {
    if (name === '__typename') return `__typename: '${type.name}';`;
    const field = type.getFields()[name];
    const merged =
      selections.length > 0 ? { selections: selections.flatMap((s) => s.selections) } : undefined;
    return `${key}${optional ? '?' : ''}: ${outputType(context, field.type, merged)};`;
  });
  const own = lines.length > 0 ? [`{ ${lines.join(' ')} }`] : [];
  return [...named, ...own].join(' & ');
}

// A fragment on the very type keeps its name; one on a union is spread into each member.
function isNamed({ fragments }, selection, type) {
  return (
    selection.kind === Kind.FRAGMENT_SPREAD &&
    !selection.directives?.length &&
    fragments.get(selection.name.value).typeCondition.name.value === type.name
  );
}

function collect(context, set, type, fields, optional) {
  for (const selection of set.selections) {
    if (isNamed(context, selection, type)) continue;
    const isOptional =
      optional || (selection.directives ?? []).some(({ name }) => ['include', 'skip'].includes(name.value));
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const known = fields.get(key) ?? { name: selection.name.value, optional: true, selections: [] };
      known.optional &&= isOptional;
      if (selection.selectionSet) known.selections.push(selection.selectionSet);
      fields.set(key, known);
      continue;
    }
    const target =
      selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    const condition = target.typeCondition?.name.value;
    // A fragment on a union applies to all its members, one on an object to that object.
    if (condition === undefined || condition === type.name || isUnionType(context.schema.getType(condition)))
      collect(context, target.selectionSet, type, fields, isOptional);
  }
}

function outputType(context, type, set) {
  if (isNonNullType(type)) return outputType(context, type.ofType, set).replace(/ \| null$/, '');
  if (isListType(type)) return `readonly (${outputType(context, type.ofType, set)})[] | null`;
  if (set) return `${wrap(selectionType(context, set, type))} | null`;
  return `${leafType(type)} | null`;
}

const wrap = (text) => (text.includes(' | ') ? `(${text})` : text);

function leafType(type) {
  if (isEnumType(type))
    return type
      .getValues()
      .map(({ name }) => `'${name}'`)
      .join(' | ');
  const scalar = SCALARS[type.name];
  if (!scalar) throw new Error(`no TypeScript type for the scalar ${type.name}`);
  return scalar;
}

export function variablesType(schema, operation, inputs) {
  const lines = (operation.variableDefinitions ?? []).map(({ variable, type }) => {
    const found = typeFromAST(schema, type);
    const named = getNamedType(found);
    if (isInputObjectType(named)) inputs.add(named.name);
    return inputField(variable.name.value, found);
  });
  return lines.length > 0 ? `{ ${lines.join(' ')} }` : 'Record<string, never>';
}

function inputField(name, type) {
  return `${name}${isNonNullType(type) ? '' : '?'}: ${inputType(type)};`;
}

function inputType(type) {
  if (isNonNullType(type)) return inputType(type.ofType).replace(/ \| null$/, '');
  if (isListType(type)) return `readonly (${inputType(type.ofType)})[] | null`;
  return `${isInputObjectType(type) ? type.name : leafType(type)} | null`;
}

/** Declarations of every input object the operations' variables reach. */
export function inputTypes(schema, operations) {
  const wanted = new Set();
  for (const operation of operations) variablesType(schema, operation, wanted);
  const done = new Map();
  const add = (name) => {
    if (done.has(name)) return;
    const fields = Object.values(schema.getType(name).getFields());
    done.set(name, `export type ${name} = { ${fields.map((f) => inputField(f.name, f.type)).join(' ')} };`);
    for (const field of fields) {
      const named = getNamedType(field.type);
      if (isInputObjectType(named)) add(named.name);
    }
  };
  for (const name of [...wanted].sort()) add(name);
  return [...done.values()].join('\n\n') + '\n';
}
