import {
  RESOLVER_NAME_METADATA,
  RESOLVER_PROPERTY_METADATA,
  RESOLVER_REFERENCE_METADATA,
  RESOLVER_TYPE_METADATA,
} from '@nestjs/graphql/dist/graphql.constants.js';
import { Kind, parse, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { ACCESS_RULE } from './access.js';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what Nest calls a class
export type ResolverClass = Function;

const ROOT_TYPES = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * The holes of a subgraph's access control, one sentence each; empty when there are none. Needs a rule: each root
 * field, each reference resolver, and each field resolver of an entity (its parent may be a representation that a
 * client wrote into `_entities`).
 */
export function findUnruledResolvers(resolvers: readonly ResolverClass[], schema: string): string[] {
  const entities = entityTypes(parse(schema));
  return resolvers.flatMap((resolver) =>
    methodsOf(resolver)
      .filter(([, method]) => needsRule(resolver, method, entities))
      .filter(([, method]) => ruleOf(resolver, method) === undefined)
      .map(
        ([name, method]) =>
          `${resolver.name}.${name} (${describe(resolver, name, method)}) has no access rule: add @Allow(...) or @Public()`,
      ),
  );
}

function needsRule(resolver: ResolverClass, method: object, entities: ReadonlySet<string>): boolean {
  if (Reflect.getMetadata(RESOLVER_REFERENCE_METADATA, method)) return true;
  const own: unknown = Reflect.getMetadata(RESOLVER_TYPE_METADATA, method);
  if (typeof own === 'string' && ROOT_TYPES.has(own)) return true;
  return (
    Boolean(Reflect.getMetadata(RESOLVER_PROPERTY_METADATA, method)) && entities.has(typeOf(resolver, method))
  );
}

const ruleOf = (resolver: ResolverClass, method: object): unknown =>
  Reflect.getMetadata(ACCESS_RULE, method) ?? Reflect.getMetadata(ACCESS_RULE, resolver);

/** The GraphQL type a method belongs to: its own for root fields, that of @Resolver('Type') otherwise. */
const typeOf = (resolver: ResolverClass, method: object): string =>
  String(
    Reflect.getMetadata(RESOLVER_TYPE_METADATA, method) ??
      Reflect.getMetadata(RESOLVER_TYPE_METADATA, resolver),
  );

function describe(resolver: ResolverClass, name: string, method: object): string {
  if (Reflect.getMetadata(RESOLVER_REFERENCE_METADATA, method))
    return `reference of ${typeOf(resolver, method)}`;
  const field: unknown = Reflect.getMetadata(RESOLVER_NAME_METADATA, method);
  return `${typeOf(resolver, method)}.${typeof field === 'string' ? field : name}`;
}

function methodsOf(resolver: ResolverClass): [string, object][] {
  const found = new Map<string, object>();
  for (
    let level = resolver.prototype as unknown;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level as object))) {
      if (name !== 'constructor' && typeof value === 'function' && !found.has(name))
        found.set(name, value as object);
    }
  }
  return [...found];
}

/** Types that `_entities` can reach: with a @key that is not `resolvable: false`. */
function entityTypes(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of document.definitions) {
    const typed =
      node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.OBJECT_TYPE_EXTENSION ||
      node.kind === Kind.INTERFACE_TYPE_DEFINITION;
    if (typed && node.directives?.some(isResolvableKey)) names.add(node.name.value);
  }
  return names;
}

const isResolvableKey = (directive: ConstDirectiveNode): boolean =>
  directive.name.value === 'key' &&
  !directive.arguments?.some(
    ({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value,
  );
