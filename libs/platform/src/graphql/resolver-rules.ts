import {
  RESOLVER_NAME_METADATA,
  RESOLVER_PROPERTY_METADATA,
  RESOLVER_REFERENCE_METADATA,
  RESOLVER_TYPE_METADATA,
} from '@nestjs/graphql/dist/graphql.constants.js';
import { parse } from 'graphql';
import { ACCESS_RULE, type AccessRule } from './access.js';
import { entityTypes, findUncoveredFields, type ResolverRules } from './field-coverage.js';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- what Nest calls a class
export type ResolverClass = Function;

const ROOT_TYPES = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * The holes of a subgraph's access control, one sentence each; empty when there are none. Needs a rule: each root
 * field, each reference resolver, and each field resolver of an entity (its parent may be a representation that a
 * client wrote into `_entities`). Every other field must be reached through one that has a rule.
 */
export function findUnruledResolvers(resolvers: readonly ResolverClass[], schema: string): string[] {
  const document = parse(schema);
  const entities = entityTypes(document);
  const unruled = resolvers.flatMap((resolver) =>
    methodsOf(resolver)
      .filter(([, method]) => needsRule(resolver, method, entities))
      .filter(([, method]) => ruleOf(resolver, method) === undefined)
      .map(
        ([name, method]) =>
          `${resolver.name}.${name} (${describe(resolver, name, method)}) has no access rule: add @Allow(...) or @Public()`,
      ),
  );
  return [...unruled, ...findUncoveredFields(document, rulesOf(resolvers))];
}

/** What the resolvers say of fields and types. */
export function rulesOf(resolvers: readonly ResolverClass[]): ResolverRules {
  const fields = new Map<string, AccessRule | undefined>();
  const references = new Map<string, AccessRule | undefined>();
  for (const resolver of resolvers) {
    for (const [name, method] of methodsOf(resolver)) {
      if (Reflect.getMetadata(RESOLVER_REFERENCE_METADATA, method))
        references.set(typeOf(resolver, method), ruleOf(resolver, method));
      else if (isFieldResolver(method))
        fields.set(describe(resolver, name, method), ruleOf(resolver, method));
    }
  }
  return { fields, references };
}

function needsRule(resolver: ResolverClass, method: object, entities: ReadonlySet<string>): boolean {
  if (Reflect.getMetadata(RESOLVER_REFERENCE_METADATA, method)) return true;
  if (isRoot(method)) return true;
  return isFieldResolver(method) && entities.has(typeOf(resolver, method));
}

const isRoot = (method: object): boolean => {
  const own: unknown = Reflect.getMetadata(RESOLVER_TYPE_METADATA, method);
  return typeof own === 'string' && ROOT_TYPES.has(own);
};

const isFieldResolver = (method: object): boolean =>
  isRoot(method) || Boolean(Reflect.getMetadata(RESOLVER_PROPERTY_METADATA, method));

const ruleOf = (resolver: ResolverClass, method: object): AccessRule | undefined =>
  (Reflect.getMetadata(ACCESS_RULE, method) ?? Reflect.getMetadata(ACCESS_RULE, resolver)) as
    AccessRule | undefined;

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
