import { describe, expect, it } from 'vitest';
import { Glances, type Undone } from './glances.js';
import type { Tx } from './tx.js';

const TX = {} as Tx;

function glances(over: Partial<{ undone: Undone }> = {}) {
  const transactions: number[] = [];
  const undone: Undone = async (work) => {
    transactions.push(transactions.length);
    await (over.undone ?? ((inside) => inside(TX)))(work);
  };
  return { glances: new Glances(undone), transactions };
}

describe('glances', () => {
  it('answers all that are asked at one moment out of one transaction', async () => {
    const { glances: board, transactions } = glances();
    const answers = await Promise.all([
      board.ask(async () => []),
      board.ask(async () => ['row']),
      board.ask(async () => []),
    ]);
    expect(answers).toEqual([false, true, false]);
    expect(transactions).toHaveLength(1);
  });

  it('takes another transaction for what is asked later', async () => {
    const { glances: board, transactions } = glances();
    expect(await board.ask(async () => [])).toBe(false);
    expect(await board.ask(async () => ['row'])).toBe(true);
    expect(transactions).toHaveLength(2);
  });

  it('says that there may be something where a question fails, and answers the others', async () => {
    const { glances: board } = glances();
    const answers = await Promise.all([
      board.ask(async () => []),
      board.ask(() => Promise.reject(new Error('no such column'))),
    ]);
    expect(answers).toEqual([false, true]);
  });

  it('says that there may be something where there is no database', async () => {
    const { glances: board } = glances({ undone: () => Promise.reject(new Error('away')) });
    expect(await Promise.all([board.ask(async () => []), board.ask(async () => [])])).toEqual([true, true]);
  });
});
