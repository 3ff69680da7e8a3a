import type { Tx } from './tx.js';

/** The statement over the rows of one turn. Its answers are by key; a row without one gets undefined. */
type RunTogether<Row, Answer> = (
  tx: Tx,
  tenant: string,
  rows: readonly Row[],
) => Promise<ReadonlyMap<string, Answer> | void>;

type RunOne<Row, Answer> = (tx: Tx, tenant: string, row: Row) => Promise<Answer | undefined>;

/**
 * One statement for what many ask for at the same time. A caller gives one row and awaits its own answer; rows that come in one turn
 * of the event loop, in one transaction and for one tenant, go to `run` together. Made for work side by side (events, due rows): a
 * statement for twenty rows costs little more than one for a single row.
 *
 * `keyOf` names what a row is about: `run` gets a key once, in the order of the keys, so that rows are locked in one order
 * everywhere; a second row with a key that is under way waits until that is done. When `run` throws, all its callers get the error.
 */
export function gathered<Row, Answer = never>(
  keyOf: (row: Row) => string,
  run: RunTogether<Row, Answer>,
): RunOne<Row, Answer> {
  return inTurns(keyOf, run, 'once');
}

/** `gathered` for a statement that changes nothing: callers with the same key share a row and its answer. */
export function gatheredRead<Row, Answer>(
  keyOf: (row: Row) => string,
  run: RunTogether<Row, Answer>,
): RunOne<Row, Answer> {
  return inTurns(keyOf, run, 'shared');
}

/**
 * Work with one name in one transaction, one after the other: `tx.lock` keeps other transactions away, this those that go side by
 * side in the same one. What `work` of others threw does not matter.
 */
export async function oneAtATime<T>(tx: Tx, name: string, work: () => Promise<T>): Promise<T> {
  const names = localOf(tx, QUEUES, () => new Map<string, Promise<unknown>>());
  const turn = (names.get(name) ?? Promise.resolve()).then(work);
  names.set(
    name,
    turn.catch(() => undefined),
  );
  return turn;
}

const QUEUES = {};

/**
 * What is kept in `tx` under `key`, made at its first use. (A WeakMap by transaction would do, but for the collector: it looks at the
 * entries of a weak map again and again, and there are thousands of transactions a second.)
 */
function localOf<T>({ local }: Tx, key: object, make: () => T): T {
  const held = local.get(key) as T | undefined;
  if (held !== undefined) return held;
  const made = make();
  local.set(key, made);
  return made;
}

type Keys = 'once' | 'shared';

function inTurns<Row, Answer>(
  keyOf: (row: Row) => string,
  run: RunTogether<Row, Answer>,
  keys: Keys,
): RunOne<Row, Answer> {
  return async (tx, tenant, row) => {
    const turns = localOf(tx, run, () => new Turns(tx, run, keys));
    const key = keyOf(row);
    return (await turns.join(tenant, key, row))?.get(key);
  };
}

type Answers<Answer> = ReadonlyMap<string, Answer> | void;

interface Turn<Row, Answer> {
  readonly tenant: string;
  readonly rows: Map<string, Row>;
  readonly answers: Promise<Answers<Answer>>;
}

/** The turns of one statement in one transaction. */
class Turns<Row, Answer> {
  /** The one that still takes rows. */
  private open: Turn<Row, Answer> | undefined;
  private readonly underWay = new Set<Turn<Row, Answer>>();

  constructor(
    private readonly tx: Tx,
    private readonly run: RunTogether<Row, Answer>,
    private readonly keys: Keys,
  ) {}

  async join(tenant: string, key: string, row: Row): Promise<Answers<Answer>> {
    for (;;) {
      const before = this.inTheWay(tenant, key);
      if (!before) break;
      await before.answers.catch(() => undefined);
    }
    const turn = (this.open ??= this.begin(tenant));
    turn.rows.set(key, row);
    return turn.answers;
  }

  private inTheWay(tenant: string, key: string): Turn<Row, Answer> | undefined {
    for (const turn of this.underWay)
      if (turn.tenant !== tenant || (this.keys === 'once' && turn.rows.has(key))) return turn;
    return undefined;
  }

  private begin(tenant: string): Turn<Row, Answer> {
    const rows = new Map<string, Row>();
    // A tick comes after all promises that are settled: everybody whom the last answer let go on has asked by then.
    const complete = new Promise<void>((resolve) => process.nextTick(resolve));
    const answers = complete.then(() => {
      this.open = undefined;
      const ordered = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      return this.run(this.tx, tenant, ordered.map(([, row]) => row)); // prettier-ignore
    });
    const turn = { tenant, rows, answers };
    this.underWay.add(turn);
    const over = () => void this.underWay.delete(turn);
    answers.then(over, over);
    return turn;
  }
}
