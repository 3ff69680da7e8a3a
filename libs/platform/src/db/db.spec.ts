import { isAppError, notFound } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRepeatable, isUniqueViolation, mapDatabaseError } from './database-error.js';
import { argsHash } from './idempotency.js';
import { escapeLike } from './like.js';
import { roleName, schemaName } from './names.js';
import { SYSTEM_SCOPE, scopeSql, tenantScope } from './scope.js';

const pgError = (code: string, constraint?: string) =>
  Object.assign(new Error('private text'), { code, constraint });

it('a wildcard of LIKE in a search stands for itself', () => {
  expect(escapeLike('100%_of\\it')).toBe('100\\%\\_of\\\\it');
  expect(escapeLike('plain text')).toBe('plain text');
});

describe('database errors', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '08006', '53300'])('%s is UNAVAILABLE', (code) => {
    expect(mapDatabaseError(pgError(code))).toMatchObject({
      kind: 'UNAVAILABLE',
      code: 'DATABASE_UNAVAILABLE',
    });
  });

  it.each([
    ['57014', 'TIMEOUT'],
    ['55P03', 'UNAVAILABLE'],
    ['40001', 'UNAVAILABLE'],
  ])('%s is %s', (code, kind) => {
    const mapped = mapDatabaseError(pgError(code));
    expect(mapped).toMatchObject({ kind });
    expect(isAppError(mapped) && mapped.publicText).not.toContain('private');
  });

  it('leaves other errors to the caller', () => {
    for (const error of [pgError('23505'), notFound('X', 'x'), new Error('bug'), undefined]) {
      expect(mapDatabaseError(error)).toBe(error);
    }
  });

  it("looks through TypeORM's wrapper", () => {
    const wrapped = Object.assign(new Error('wrapped'), { driverError: pgError('23505', 'note_pk') });
    expect(isUniqueViolation(wrapped, 'note_pk')).toBe(true);
    expect(isRepeatable({ driverError: pgError('40P01') })).toBe(true);
  });
});

describe('names and scopes', () => {
  it('turn a service into a schema and a role', () => {
    expect([schemaName('load-management'), roleName('load-management')]).toEqual([
      'load_management',
      'kw_load_management',
    ]);
  });

  it.each(['Billing', 'a;b', 'a--b', '"', ''])('refuse %j as a service', (name) => {
    expect(() => schemaName(name)).toThrow();
  });

  it('put nothing but a slug into SQL, whatever the text', () => {
    expect(scopeSql(SYSTEM_SCOPE)).toContain("'*'");
    fc.assert(
      fc.property(fc.string(), (text) => {
        let sql = '';
        try {
          sql = scopeSql(tenantScope(text));
        } catch {
          return;
        }
        expect(sql).toMatch(/^SET LOCAL kilowatch.tenant = '[a-z0-9-]+'$/);
      }),
    );
    expect(() => scopeSql({ kind: 'tenant', tenant: "x', true); --" as never })).toThrow();
  });
});

describe('hash of arguments', () => {
  it('does not depend on the order of keys, and does on everything else', () => {
    expect(argsHash({ a: 1, b: { c: [1, 2], d: 2 } })).toBe(argsHash({ b: { d: 2, c: [1, 2] }, a: 1 }));
    expect(argsHash({ a: 1 })).not.toBe(argsHash({ a: '1' }));
    expect(argsHash([1, 2])).not.toBe(argsHash([2, 1]));
    expect(argsHash(undefined)).toBe(argsHash(null));
  });
});
