import { AsyncLocalStorage } from 'node:async_hooks';
import { notFound, unavailable } from '@kilowatch/kernel';
import { expect, it, vi } from 'vitest';
import { Company, type Alone } from './company.js';
import { DATABASE_BUSY, DATABASE_UNAVAILABLE } from './database-error.js';
import type { Tx } from './tx.js';

type Work = (tx: Tx) => Promise<unknown>;
interface Gate {
  open(): void;
}

/** Transactions that end when the test says so; `seen` is what ran in each, `committed` what was kept. */
function aDatabase() {
  const seen: string[][] = [];
  const committed: string[][] = [];
  const gates: Gate[] = [];
  const alone: Alone = async (work) => {
    const names: string[] = [];
    seen.push(names);
    const result = await work({ query: async (name: string) => void names.push(name) } as unknown as Tx);
    await new Promise<void>((resolve) => gates.push({ open: resolve }));
    committed.push(names);
    return result;
  };
  return { seen, committed, alone, gates };
}

const named =
  (name: string): Work =>
  async (tx) => {
    await tx.query(name);
    return `${name} done`;
  };
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const turns = async (count = 5) => {
  for (let i = 0; i < count; i += 1) await turn();
};
const openAll = async ({ gates }: { gates: Gate[] }) => {
  for (let i = 0; i < 20; i += 1) {
    gates.splice(0).forEach((gate) => gate.open());
    await turn();
  }
};

it('those who come together share a transaction, in the order of their keys, and each gets its own result', async () => {
  const database = aDatabase();
  const company = new Company(database.alone);
  const results = ['c', 'a', 'b'].map((name) => company.join(name, named(name)));
  await turns();
  expect(database.seen).toEqual([['a', 'b', 'c']]);
  await openAll(database);
  expect(await Promise.all(results)).toEqual(['c done', 'a done', 'b done']);
});

it('whoever comes alone goes at once', async () => {
  const database = aDatabase();
  const company = new Company(database.alone, () => 1_000);
  const result = company.join('a', named('a'));
  await turns(2);
  expect(database.seen).toEqual([['a']]);
  await openAll(database);
  expect(await result).toBe('a done');
});

it('a second work about the same thing begins after the first is committed, others do not wait for it', async () => {
  const database = aDatabase();
  let now = 0;
  const company = new Company(database.alone, () => now);
  const works = [company.join('a', named('first')), company.join('a', named('second'))];
  works.push(company.join('b', named('other')));
  await turns();
  expect(database.seen).toEqual([['first', 'other']]);
  now += 1_000;
  const late = company.join('c', named('late'));
  await turns();
  expect(database.seen).toEqual([['first', 'other'], ['late']]);
  await openAll(database);
  await vi.waitFor(() => expect(database.seen).toContainEqual(['second']));
  await openAll(database);
  await Promise.all([...works, late]);
  expect(database.committed).toEqual([['first', 'other'], ['late'], ['second']]);
});

it('when one fails, nothing of their transaction is kept and each goes by itself, to its own outcome', async () => {
  const database = aDatabase();
  const company = new Company(database.alone);
  const bad: Work = async (tx) => {
    await tx.query('bad');
    throw notFound('X_UNKNOWN', 'There is no such thing.');
  };
  const results = Promise.allSettled([
    company.join('a', named('a')),
    company.join('b', bad),
    company.join('c', named('c')),
  ]);
  await turns();
  await openAll(database);
  expect(await results).toMatchObject([
    { status: 'fulfilled', value: 'a done' },
    { status: 'rejected', reason: { code: 'X_UNKNOWN' } },
    { status: 'fulfilled', value: 'c done' },
  ]);
  expect(database.seen).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  expect(database.committed).toEqual([['a'], ['c']]);
});

it('a transaction whose outcome nobody knows is not sent again: that is for the callers to say', async () => {
  let transactions = 0;
  const lost: Alone = async (work) => {
    transactions += 1;
    await work({ query: async () => [] } as unknown as Tx);
    throw unavailable(DATABASE_UNAVAILABLE, 'gone');
  };
  const company = new Company(lost);
  const results = await Promise.allSettled([company.join('a', named('a')), company.join('b', named('b'))]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(transactions).toBe(1);
});

it('what is settled by itself lets the next about the same thing go, whatever becomes of others of its round', async () => {
  const database = aDatabase();
  let rounds = 0;
  const firstRoundFails: Alone = async (work) => {
    rounds += 1;
    if (rounds === 1) throw notFound('X_UNKNOWN', 'There is no such thing.');
    return database.alone(work);
  };
  const company = new Company(firstRoundFails);
  void company.join('b', () => new Promise<never>(() => {}));
  const first = company.join('a', named('a'));
  await turns();
  await openAll(database);
  expect(await first).toBe('a done');
  const second = company.join('a', named('again'));
  await vi.waitFor(() => expect(database.seen).toContainEqual(['again']));
  await openAll(database);
  expect(await second).toBe('again done');
});

it('what waited longer than a lock may be waited for is told so, and not done', async () => {
  let now = 0;
  const database = aDatabase();
  const company = new Company(database.alone, () => now);
  void company.join('a', named('first'));
  await turns();
  const late = expect(company.join('a', named('late'))).rejects.toMatchObject({ code: DATABASE_BUSY });
  await turns();
  now += 6_000;
  await openAll(database);
  await late;
  expect(database.seen).toEqual([['first']]);
});

it('full rounds do not wait for the pace', async () => {
  const database = aDatabase();
  const company = new Company(database.alone, () => 0);
  const works = Array.from({ length: 200 }, (_, i) => company.join(String(i), named(String(i))));
  await turns();
  expect(database.seen.map(({ length }) => length)).toEqual([64, 64, 64]);
  await openAll(database);
  await vi.waitFor(() => expect(database.seen).toHaveLength(4));
  await openAll(database);
  await Promise.all(works);
});

interface Timed {
  readonly database: ReturnType<typeof aDatabase>;
  readonly company: Company;
  advance(ms: number): Promise<void>;
}

/** With a clock and timers that the test moves. */
async function withClock(test: (timed: Timed) => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let now = 0;
  const advance = async (ms: number) => {
    now += ms;
    await vi.advanceTimersByTimeAsync(ms);
    await turns();
  };
  try {
    const database = aDatabase();
    await test({ database, company: new Company(database.alone, () => now), advance });
  } finally {
    vi.useRealTimers();
  }
}

const sizesOf = ({ seen }: { seen: string[][] }) => seen.map(({ length }) => length);

it('under load rounds come at a pace and take what has come meanwhile, at most 64', () =>
  withClock(async ({ database, company, advance }) => {
    const join = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => company.join(String(from + i), named(String(from + i))));
    const works = join(0, 3);
    await turns();
    await openAll(database);
    await advance(2);
    works.push(...join(10, 2));
    await turns();
    expect(sizesOf(database)).toEqual([3]);
    await advance(10);
    expect(sizesOf(database)).toEqual([3, 2]);
    works.push(...join(100, 70));
    await advance(100);
    await advance(100);
    expect(sizesOf(database)).toEqual([3, 2, 64, 6]);
    await openAll(database);
    await Promise.all(works);
  }));

it('what comes while a round is under way waits for its end, so that a slow database gets fewer and larger ones', () =>
  withClock(async ({ database, company, advance }) => {
    const works = [company.join('a', named('a'))];
    await turns();
    await advance(10);
    works.push(company.join('b', named('b')), company.join('c', named('c')));
    await turns();
    expect(database.seen).toEqual([['a']]);
    await openAll(database);
    expect(database.seen).toEqual([['a'], ['b', 'c']]);
    await Promise.all(works);
  }));

it('but no longer than 40 ms: it may be waiting for a lock', () =>
  withClock(async ({ database, company, advance }) => {
    const works = [company.join('a', named('a'))];
    await turns();
    works.push(company.join('b', named('b')));
    await advance(39);
    expect(database.seen).toEqual([['a']]);
    await advance(1);
    expect(database.seen).toEqual([['a'], ['b']]);
    await openAll(database);
    await Promise.all(works);
  }));

it('a round that is stuck keeps only the next one waiting', () =>
  withClock(async ({ database, company, advance }) => {
    const works = [company.join('stuck', named('stuck'))];
    await turns();
    works.push(company.join('b', named('b')));
    await advance(40);
    expect(database.seen).toEqual([['stuck'], ['b']]);
    const [stuck, b] = database.gates.splice(0);
    b!.open();
    await turns();
    works.push(company.join('c', named('c')));
    // The pace of small rounds, not the 40 ms of one that is under way.
    await advance(4);
    expect(database.seen).toEqual([['stuck'], ['b'], ['c']]);
    stuck!.open();
    await openAll(database);
    await Promise.all(works);
  }));

it('a round that fills up while it waits begins at once', () =>
  withClock(async ({ database, company, advance }) => {
    const works = [company.join('a', named('a'))];
    await turns();
    for (let i = 0; i < 70; i += 1) works.push(company.join(String(i), named(String(i))));
    await turns();
    expect(sizesOf(database)).toEqual([1, 64]);
    await openAll(database);
    await advance(100);
    await openAll(database);
    await Promise.all(works);
  }));

it('a work runs in the context of whoever asked for it', async () => {
  const database = aDatabase();
  const company = new Company(database.alone);
  const context = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  const tell: Work = async () => void seen.push(context.getStore() ?? 'nobody');
  const works = ['x', 'y'].map((who) => context.run(who, () => company.join(who, tell)));
  await turns();
  await openAll(database);
  await Promise.all(works);
  expect(seen).toEqual(['x', 'y']);
});
