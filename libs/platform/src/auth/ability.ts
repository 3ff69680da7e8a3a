import { createMongoAbility, subject, type MongoAbility, type RawRuleOf } from '@casl/ability';
import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';
import { grantsOf, type Reach } from './role-grants.js';

/** What a rule can ask of an object besides its tenant. What is not said here counts as not so. */
export interface Guarded {
  /** Whose it is. */
  readonly accountId?: string | undefined;
  readonly published?: boolean;
  /** OCPI party it belongs to, `DE*ABC`. */
  readonly party?: string | undefined;
}

type Rules = RawRuleOf<MongoAbility>[];

// Weak: lives as long as the principal, which the verifier keeps until its token expires.
const abilities = new WeakMap<Principal, MongoAbility>();

/** Whether the principal may it at all, be it on its own things only. */
export function may(principal: Principal, permission: Permission): boolean {
  const [area, action] = split(permission);
  return abilityOf(principal).can(action, area);
}

/** Whether the principal may it on everything of its tenant. */
export function mayAll(principal: Principal, permission: Permission): boolean {
  return mayOn(principal, permission, {});
}

/** Whether the principal may it on this object of its own tenant (queries never find another's). */
export function mayOn(principal: Principal, permission: Permission, object: Guarded): boolean {
  const [area, action] = split(permission);
  return abilityOf(principal).can(action, subject(area, { ...object, tenant: principal.tenant }));
}

/** For queries: the account whose rows alone the principal may have; undefined when all of the tenant. */
export function ownerLimit(principal: Principal, permission: Permission): string | undefined {
  return mayAll(principal, permission) ? undefined : principal.accountId;
}

/** For queries: the OCPI party whose rows alone the principal may have, `''` for nobody's; undefined when all of the tenant. */
export function partyLimit(principal: Principal, permission: Permission): string | undefined {
  return mayAll(principal, permission) ? undefined : (principal.party ?? '');
}

/** The one place where roles and scopes become rules. */
function abilityOf(principal: Principal): MongoAbility {
  let ability = abilities.get(principal);
  if (!ability) abilities.set(principal, (ability = createMongoAbility(rulesOf(principal))));
  return ability;
}

function rulesOf(principal: Principal): Rules {
  return Object.entries(grantsOf(principal)).flatMap(([reach, permissions]) => {
    const conditions = conditionsOf(principal, reach as Reach);
    return conditions
      ? permissions.map((permission) => {
          const [area, action] = split(permission);
          return { action, subject: area, conditions };
        })
      : [];
  });
}

function conditionsOf({ tenant, accountId, party }: Principal, reach: Reach) {
  switch (reach) {
    case 'tenant':
      return { tenant };
    case 'own':
      return { tenant, accountId };
    case 'published':
      return { tenant, published: true };
    case 'party':
      // Nobody's party is not the party of nobody.
      return party === undefined ? undefined : { tenant, party };
  }
}

function split(permission: Permission): [area: string, action: string] {
  const [area, action] = permission.split(':') as [string, string];
  return [area, action];
}
