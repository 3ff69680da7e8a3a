/** Which rule stands before each field of a subgraph's SDL, as sentences about those that have none. */
import {
  Kind,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import type { AccessRule } from './access.js';
import { personalKind } from './personal.js';

const ROOTS = ['Query', 'Mutation', 'Subscription'];
/** Names that are about a person wherever they stand. */
const PERSONAL_NAMES =
  /^(email|e_?mailAddress|phone\w*|displayName|firstName|lastName|vatNumber|licen[cs]ePlate)$/i;

export interface ResolverRules {
  /** Rule of each method that resolves a field, by `Type.field`; undefined for a method without one. */
  readonly fields: ReadonlyMap<string, AccessRule | undefined>;
  /** Rules of reference resolvers, by type. */
  readonly references: ReadonlyMap<string, AccessRule | undefined>;
}

type ObjectNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

/**
 * A field is covered by the rule of its own resolver, of its type's reference resolver, or of every field that leads to its type. Roots
 * of Subscription are answered by the gateway, which runs the query behind them.
 */
export function findUncoveredFields(document: DocumentNode, rules: ResolverRules): string[] {
  const types = objectsOf(document);
  const reached = reachedTypes(document, types);
  return [...types].flatMap(([type, fields]) => [
    ...(ROOTS.includes(type) ? rootHoles(type, fields, rules) : typeHoles(type, document, reached, rules)),
    ...fields.flatMap((field) => personalHoles(type, field)),
  ]);
}

function rootHoles(type: string, fields: readonly FieldDefinitionNode[], rules: ResolverRules): string[] {
  if (type === 'Subscription') return [];
  return fields.flatMap(({ name }) => {
    const path = `${type}.${name.value}`;
    if (!rules.fields.has(path)) return [`${path} has no resolver: write one, or take it out of the SDL`];
    const rule = rules.fields.get(path);
    return type === 'Mutation' && rule && 'permission' in rule && rule.permission.endsWith(':read')
      ? [`${path} changes something, but ${rule.permission} lets in who only reads: ask for a :write`]
      : [];
  });
}

function typeHoles(
  type: string,
  document: DocumentNode,
  reached: ReadonlySet<string>,
  rules: ResolverRules,
): string[] {
  const holes = reached.has(type) ? [] : [`no field with a rule leads to the type ${type}`];
  // Without a reference resolver Apollo takes the representation itself for the object.
  if (entityTypes(document).has(type) && !rules.references.has(type))
    holes.push(`${type} has a key but no reference resolver: write one, or say resolvable: false`);
  return holes;
}

function personalHoles(type: string, field: FieldDefinitionNode): string[] {
  try {
    const name = field.name.value;
    if (personalKind(field) || !PERSONAL_NAMES.test(name)) return [];
    return [`${type}.${name} is about a person: mark it @personal(as: ...)`];
  } catch (error) {
    return [`${type}: ${(error as Error).message}`];
  }
}

/** Types that fields of roots and entities lead to; entities themselves, which have rules of their own. */
function reachedTypes(
  document: DocumentNode,
  types: ReadonlyMap<string, readonly FieldDefinitionNode[]>,
): ReadonlySet<string> {
  const members = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.UNION_TYPE_DEFINITION
        ? [[node.name.value, node.types?.map(({ name }) => name.value) ?? []] as const]
        : [],
    ),
  );
  const reached = new Set<string>();
  const todo = [...ROOTS, ...entityTypes(document)];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    todo.push(...(members.get(name) ?? []));
    todo.push(...(types.get(name) ?? []).map(({ type }) => namedType(type)));
  }
  return reached;
}

function objectsOf(document: DocumentNode): Map<string, readonly FieldDefinitionNode[]> {
  const types = new Map<string, readonly FieldDefinitionNode[]>();
  for (const node of document.definitions.filter(isObject))
    types.set(node.name.value, [...(types.get(node.name.value) ?? []), ...(node.fields ?? [])]);
  return types;
}

/** Types that `_entities` can reach: with a @key that is not `resolvable: false`. */
export function entityTypes(document: DocumentNode): ReadonlySet<string> {
  return new Set(
    document.definitions
      .filter((node) => isObject(node) || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
      .filter(({ directives }) =>
        directives?.some(
          ({ name, arguments: given }) =>
            name.value === 'key' &&
            !given?.some(
              ({ name: arg, value }) =>
                arg.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
            ),
        ),
      )
      .map(({ name }) => name.value),
  );
}

const isObject = (node: { kind: string }): node is ObjectNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
