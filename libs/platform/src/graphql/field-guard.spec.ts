import { makeExecutableSchema } from '@graphql-tools/schema';
import { tenantId } from '@kilowatch/kernel';
import { execute, parse, type ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Principal, Role } from '../auth/principal.js';
import type { AccessRule } from './access.js';
import type { GraphqlContext } from './context.js';
import { guardFields } from './field-guard.js';
import { PERSONAL_SDL } from './personal.js';

const SDL = `${PERSONAL_SDL}
  directive @key(fields: String!, resolvable: Boolean) on OBJECT
  type Query { session: Session account: Account }
  type Session @key(fields: "id") { id: ID! station: Station driver: Account }
  type Station @key(fields: "id") { id: ID! name: String }
  type Account @key(fields: "id") {
    id: ID!
    email: String @personal(as: "email")
    displayName: String @personal(as: "name")
    facts: [Int] @personal
    note: String @personal
    missing: String @personal
  }`;
const account = {
  id: 'a',
  email: 'dora@kilowatch.local',
  displayName: 'Dora van Driver',
  facts: [1],
  note: 'hi',
};
const session = { id: 's', station: { id: 'st', name: 'Harbour' }, driver: account };
const rules = new Map<string, AccessRule>([
  ['Session', { permission: 'sessions:read', on: 'some' }],
  ['Station', { permission: 'stations:read', on: 'some' }],
  ['Account', { permission: 'accounts:read', on: 'some' }],
]);
const schema = guardFields(
  makeExecutableSchema({
    typeDefs: SDL,
    resolvers: { Query: { session: () => session, account: () => account } },
  }),
  new Set(rules.keys()),
  rules,
);

async function ask(
  query: string,
  role: Role | undefined,
  scopes: string[] = [],
  accountId = 'x',
): Promise<ExecutionResult> {
  const principal: Principal | null = role ? { accountId, tenant: tenantId('demo'), role, scopes } : null;
  const contextValue: GraphqlContext = {
    principal,
    traceparent: undefined,
    caller: 'graphql-gateway',
    clientAddress: undefined,
  };
  const answer = await execute({ schema, document: parse(query), contextValue });
  return JSON.parse(JSON.stringify(answer)) as ExecutionResult;
}

describe('plain properties of an entity', () => {
  const STATION = '{ session { id station { id name } } }';

  it('are read with the permission of their type, wherever the object came from', async () => {
    const answer = await ask(STATION, 'client', ['sessions:read', 'stations:read']);
    expect(answer.data).toEqual({ session: { id: 's', station: { id: 'st', name: 'Harbour' } } });
  });

  it('are refused without it, though the way to the object was open; its id is not', async () => {
    const answer = await ask(STATION, 'client', ['sessions:read']);
    expect(answer.data).toEqual({ session: { id: 's', station: { id: 'st', name: null } } });
    expect(answer.errors?.map(({ path }) => path?.join('.'))).toEqual(['session.station.name']);
    expect(answer.errors?.[0]?.message).toContain('AUTH_ROLE');
  });

  it('are not looked at again where a public field led to them', async () => {
    expect((await ask(STATION, undefined)).errors).toBeUndefined();
  });
});

describe('personal fields', () => {
  const PERSON = '{ account { email displayName facts note missing } }';

  it.each(['driver', 'operator', 'admin'] as const)('are as they are for role %s', async (role) => {
    const { id: _, ...told } = account;
    expect((await ask(PERSON, role)).data).toEqual({ account: { ...told, missing: null } });
  });

  it('are masked for support and for machines without the scope; what is not there stays so', async () => {
    const masked = {
      email: 'd…@kilowatch.local',
      displayName: 'D. v. D.',
      facts: ['[hidden]'],
      note: '[hidden]',
      missing: null,
    };
    for (const [role, scopes] of [
      ['support', []],
      ['client', ['accounts:read']],
    ] as const) {
      const { data } = await ask('{ account { email displayName note missing } }', role, [...scopes]);
      const { facts: _, ...texts } = masked;
      expect(data).toEqual({ account: texts });
    }
  });

  it('never come through when the type has no room for the mask', async () => {
    const answer = await ask('{ account { facts } }', 'support');
    expect(JSON.stringify(answer)).not.toContain('1]');
    expect(answer.data).toEqual({ account: { facts: null } });
  });

  it('are as they are for the person they are about', async () => {
    const { data } = await ask('{ account { email } }', 'partner', [], account.id);
    expect(data).toEqual({ account: { email: account.email } });
  });

  it('come to a machine with the scope', async () => {
    const answer = await ask('{ account { email } }', 'client', ['accounts:read', 'personal:read']);
    expect(answer.data).toEqual({ account: { email: account.email } });
  });
});
