import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { AccessRule } from './access.js';
import { findUncoveredFields } from './field-coverage.js';

const READS: AccessRule = { permission: 'sessions:read', on: 'some' };
const WRITES: AccessRule = { permission: 'sessions:write', on: 'some' };

const holes = (sdl: string, fields: Record<string, AccessRule> = {}, references: string[] = []) =>
  findUncoveredFields(parse(sdl), {
    fields: new Map(Object.entries(fields)),
    references: new Map(references.map((type) => [type, READS])),
  });

describe('the rule before each field', () => {
  it('is that of the fields that lead to its type, through lists, unions and other types', () => {
    const sdl = `type Query { session: [Result!]! } union Result = Found | Refused
      type Found { cost: Cost } type Cost { amount: Int } type Refused { reason: String }`;
    expect(holes(sdl, { 'Query.session': READS })).toEqual([]);
  });

  it('is missing where nothing leads to a type', () => {
    const sdl = 'type Query { a: Int } type Lost { secret: String }';
    expect(holes(sdl, { 'Query.a': READS })).toEqual(['no field with a rule leads to the type Lost']);
  });

  it('is missing where a root field has no resolver of its own', () => {
    expect(holes('type Query { session: Int }')).toEqual([
      'Query.session has no resolver: write one, or take it out of the SDL',
    ]);
  });

  it('is not asked for of subscriptions: the gateway runs the query behind them', () => {
    const sdl = 'type Query { a: Int } type Subscription { changed: Thing } type Thing { id: ID }';
    expect(holes(sdl, { 'Query.a': READS })).toEqual([]);
  });

  it('is missing for an entity that nobody resolves: its representation would pass for it', () => {
    const sdl = 'type Account @key(fields: "id") { id: ID! balance: Int }';
    expect(holes(sdl)).toEqual([
      'Account has a key but no reference resolver: write one, or say resolvable: false',
    ]);
    expect(holes(sdl, {}, ['Account'])).toEqual([]);
    const stub = 'type Query { a: Account } type Account @key(fields: "id", resolvable: false) { id: ID! }';
    expect(holes(stub, { 'Query.a': READS })).toEqual([]);
  });

  it('lets nobody change what they may only read', () => {
    const sdl = 'type Mutation { stop: Int start: Int }';
    expect(holes(sdl, { 'Mutation.stop': READS, 'Mutation.start': WRITES })).toEqual([
      'Mutation.stop changes something, but sessions:read lets in who only reads: ask for a :write',
    ]);
  });
});

describe('fields about people', () => {
  const account = (field: string) => holes(`type Query { me: Account } type Account { ${field} }`, { 'Query.me': READS }); // prettier-ignore

  it('must be marked when their name says so', () => {
    for (const name of ['email', 'displayName', 'phoneNumber', 'vatNumber'])
      expect(account(`${name}: String`)).toEqual([
        `Account.${name} is about a person: mark it @personal(as: ...)`,
      ]);
    expect(account('email: String @personal(as: "email")')).toEqual([]);
    expect(account('name: String')).toEqual([]);
  });

  it('must be marked with a mask that there is', () => {
    expect(account('email: String @personal(as: "stars")')).toEqual([
      'Account: @personal(as: "stars") on email: as is email, name, text',
    ]);
  });
});
