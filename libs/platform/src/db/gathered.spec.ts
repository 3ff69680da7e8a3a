import { describe, expect, it } from 'vitest';
import { gathered, gatheredRead, oneAtATime } from './gathered.js';
import type { Tx } from './tx.js';

interface Row {
  readonly id: string;
  readonly value: number;
}

const newTx = () => ({ local: new Map<object, unknown>() }) as Tx;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Doubles values; odd ones have no answer. `calls` is what went together. */
function doubling(wait = async () => {}) {
  const calls: string[] = [];
  const double = gathered(
    (row: Row) => row.id,
    async (_tx, tenant, rows) => {
      calls.push(`${tenant}: ${rows.map(({ id, value }) => `${id}=${value}`).join(' ')}`);
      await wait();
      return new Map(rows.filter(({ value }) => value % 2 === 0).map(({ id, value }) => [id, value * 2]));
    },
  );
  return { calls, double };
}

describe('a gathered statement', () => {
  it('takes the rows of one turn together, in the order of their keys, and answers each caller with its own', async () => {
    const { calls, double } = doubling();
    const tx = newTx();
    const answers = ['c', 'a', 'b'].map((id, index) => double(tx, 't', { id, value: index }));
    expect(await Promise.all(answers)).toEqual([0, undefined, 4]);
    expect(calls).toEqual(['t: a=1 b=2 c=0']);
  });

  it('keeps together those who go on after the same answer, however many promises are in between', async () => {
    const { calls, double } = doubling(turn);
    const tx = newTx();
    const chain = async (id: string, awaits: number) => {
      await double(tx, 't', { id, value: 1 });
      for (let i = 0; i < awaits; i += 1) await Promise.resolve();
      await double(tx, 't', { id, value: 2 });
    };
    await Promise.all([chain('a', 0), chain('b', 5), chain('c', 1)]);
    expect(calls).toEqual(['t: a=1 b=1 c=1', 't: a=2 b=2 c=2']);
  });

  it('never has one key under way twice: the second row waits and sees what the first did', async () => {
    const { calls, double } = doubling(turn);
    const tx = newTx();
    const order: string[] = [];
    const ask = (row: Row) => double(tx, 't', row).then(() => order.push(`${row.id}=${row.value}`));
    const early = [ask({ id: 'a', value: 1 }), ask({ id: 'a', value: 2 }), ask({ id: 'b', value: 3 })];
    await Promise.resolve();
    await Promise.all([...early, ask({ id: 'a', value: 4 })]);
    expect(calls).toEqual(['t: a=1 b=3', 't: a=2', 't: a=4']);
    expect(order.filter((entry) => entry.startsWith('a'))).toEqual(['a=1', 'a=2', 'a=4']);
  });

  it('does not mix transactions or tenants', async () => {
    const { calls, double } = doubling(turn);
    const [one, two] = [newTx(), newTx()];
    await Promise.all([
      double(one, 't', { id: 'a', value: 1 }),
      double(two, 't', { id: 'b', value: 1 }),
      double(one, 'u', { id: 'c', value: 1 }),
    ]);
    expect(calls).toEqual(['t: a=1', 't: b=1', 'u: c=1']);
  });

  it('fails all callers of a turn, and works again in the next', async () => {
    let broken = true;
    const { double } = doubling(async () => {
      if (broken) throw new Error('the server is gone');
    });
    const tx = newTx();
    const ask = (id: string) => double(tx, 't', { id, value: 2 });
    const outcomes = await Promise.allSettled([ask('a'), ask('b'), ask('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    broken = false;
    expect(await ask('a')).toBe(4);
  });
});

describe('a gathered read', () => {
  it('shares the answer among those who ask for the same in one turn', async () => {
    const calls: string[][] = [];
    const look = gatheredRead(
      (id: string) => id,
      async (_tx, _tenant, ids) => {
        calls.push([...ids]);
        return new Map(ids.map((id) => [id, id.toUpperCase()]));
      },
    );
    const tx = newTx();
    expect(await Promise.all(['b', 'a', 'b'].map((id) => look(tx, 't', id)))).toEqual(['B', 'A', 'B']);
    expect(await look(tx, 't', 'b')).toBe('B');
    expect(calls).toEqual([['a', 'b'], ['b']]);
  });
});

describe('one at a time', () => {
  it('keeps work with one name of one transaction apart, also after a failure, and no other', async () => {
    const log: string[] = [];
    const [tx, other] = [newTx(), newTx()];
    const work = (name: string, of = tx, fails = false) =>
      oneAtATime(of, name.slice(0, 1), async () => {
        log.push(`${name}(`);
        await turn();
        log.push(`)${name}`);
        if (fails) throw new Error(name);
        return name;
      });
    const outcomes = await Promise.allSettled([
      work('a1', tx, true),
      work('a2'),
      work('b1'),
      work('a3', other),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(log.slice(0, 3)).toEqual(['a1(', 'b1(', 'a3(']);
    expect(log.indexOf('a2(')).toBeGreaterThan(log.indexOf(')a1'));
  });
});
