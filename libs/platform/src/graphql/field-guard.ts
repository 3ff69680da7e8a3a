import { defaultFieldResolver, isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { may } from '../auth/ability.js';
import type { Principal } from '../auth/principal.js';
import { assertAllowed, type AccessRule } from './access.js';
import type { GraphqlContext } from './context.js';
import { masked, personalKind } from './personal.js';

type Resolver = GraphQLFieldResolver<unknown, GraphqlContext>;

/** Rules of types that `_entities` can reach: those of their reference resolvers. Filled when Nest knows all resolvers. */
export type TypeRules = ReadonlyMap<string, AccessRule>;

/**
 * Guards what Nest's guards do not see: the plain properties of entities, by the rule of their type wherever the object came from (a
 * client with `sessions:read` reads no station by way of a session), and @personal fields. Who has no principal has come here through
 * a @Public field, which says itself what it shows.
 */
export function guardFields(
  schema: GraphQLSchema,
  entities: ReadonlySet<string>,
  rules: TypeRules,
): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) {
      // Ids of related objects tell nothing, and the gateway needs them to ask for the rest.
      if (entities.has(type.name) && !field.resolve && field.name !== 'id')
        field.resolve = plain(type.name, rules);
      const kind = personalKind(field.astNode);
      if (kind) field.resolve = personal(kind, field.resolve as Resolver | undefined);
    }
  }
  return schema;
}

function plain(type: string, rules: TypeRules): Resolver {
  return (source, args, context, info) => {
    const rule = rules.get(type);
    if (rule && context.principal) assertAllowed(context.principal, rule);
    return defaultFieldResolver(source, args, context, info);
  };
}

function personal(kind: NonNullable<ReturnType<typeof personalKind>>, resolve?: Resolver): Resolver {
  return async (source, args, context, info) => {
    const value: unknown = await (resolve ?? defaultFieldResolver)(source, args, context, info);
    const { principal } = context;
    return !principal || may(principal, 'personal:read') || isOneself(source, principal)
      ? value
      : masked(kind, value);
  };
}

/** Everybody may read their own account; no other object has its id. */
const isOneself = (source: unknown, { accountId }: Principal): boolean =>
  typeof source === 'object' && source !== null && 'id' in source && source.id === accountId;
