import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argsHash, idempotent, tenantScope } from '../src/index.js';
import { newTestDatabase, openService, serviceName, type TestService } from './service-harness.js';

// Real: Postgres.
const DEMO = tenantScope('demo');
let service: TestService;
let drop: () => Promise<void>;

beforeAll(async () => {
  const created = await newTestDatabase();
  drop = created.drop;
  service = await openService(created.url, serviceName('idem'));
});

afterAll(async () => {
  await service?.database.close();
  await drop?.();
});

let runs = 0;
function ask(
  key: string,
  args: unknown,
  options: { tenant?: string; subject?: string; fn?: () => Promise<unknown> } = {},
) {
  const { tenant, subject = 'account-1', fn = async () => ({ run: ++runs }) } = options;
  return service.database.transaction(tenant === undefined ? DEMO : tenantScope(tenant), (tx) =>
    idempotent(tx, { operation: 'pay', subject, key, argsHash: argsHash(args) }, fn),
  );
}

describe('an idempotent request', () => {
  it('gives the stored answer to a repetition', async () => {
    const first = await ask('k1', { amount: '1.00', currency: 'EUR' });
    expect(await ask('k1', { currency: 'EUR', amount: '1.00' })).toEqual(first);
  });

  it('gives first and repeated callers the same JSON', async () => {
    const answer = async () => ({ at: new Date(0), none: undefined });
    expect(await ask('k2', 1, { fn: answer })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(await ask('k2', 1)).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('is CONFLICT with other arguments', async () => {
    await ask('k3', 1);
    await expect(ask('k3', 2)).rejects.toMatchObject({ kind: 'CONFLICT', code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('is UNAVAILABLE while the first is still running', async () => {
    let finish = () => {};
    const started = new Promise<void>((begun) => {
      void ask('k4', 1, {
        fn: () =>
          new Promise((resolve) => {
            finish = () => resolve('slow');
            begun();
          }),
      });
    });
    await started;
    await expect(ask('k4', 1)).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
    finish();
  });

  it('is free again when the work failed', async () => {
    await expect(ask('k5', 1, { fn: () => Promise.reject(new Error('no')) })).rejects.toThrow('no');
    expect(await ask('k5', 1, { fn: async () => 'now' })).toBe('now');
  });

  it('keeps keys of other subjects and tenants apart', async () => {
    await ask('k6', 1, { fn: async () => 'a' });
    expect(await ask('k6', 2, { subject: 'account-2', fn: async () => 'b' })).toBe('b');
    expect(await ask('k6', 3, { tenant: 'other', fn: async () => 'c' })).toBe('c');
  });

  it('forgets a key after 24 hours', async () => {
    await ask('k7', 1, { fn: async () => 'old' });
    await service.database.transaction(DEMO, (tx) =>
      tx.query("UPDATE idempotency SET created_at = now() - interval '25 hours' WHERE key = 'k7'"),
    );
    expect(await ask('k7', 2, { fn: async () => 'new' })).toBe('new');
  });
});
