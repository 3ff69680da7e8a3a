import { AsyncResource } from 'node:async_hooks';
import { Gathering, type GatherTimes } from '../outbox/gathering.js';
import { isDatabaseUnavailable } from './database-error.js';
import type { Tx } from './tx.js';

type Work<T> = (tx: Tx) => Promise<T>;

/** One transaction around `work`, on its own. */
export type Alone = <T>(work: Work<T>) => Promise<T>;

interface Member {
  /** What it must not share a transaction about. */
  readonly key: string;
  readonly work: Work<unknown>;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

const TIMES: GatherTimes = { calmMs: 0, perItemMs: 4, busyMs: 20 };
const MOST = 32;

/**
 * Transactions of one scope that callers who do not know each other share while there are many of them: BEGIN, COMMIT, the outbox and
 * each round trip are paid once for all. Whoever comes alone goes alone and waits for nobody.
 *
 * The works of one transaction have different keys; a second one with a key waits until the first is committed. When one of them
 * fails, nothing of that transaction is kept and each goes again by itself, so that everybody gets its own outcome: the works must
 * bear being run again, as under `Database.transaction`.
 */
export class Company {
  private waiting: Member[] = [];
  private readonly underWay = new Set<string>();
  private readonly gathering = new Gathering(TIMES);
  private called = false;

  constructor(
    private readonly alone: Alone,
    /** Milliseconds of a clock that does not go back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  join<T>(key: string, work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // Traces and what else hangs on the call follow the caller, not whoever began the round.
      const bound = AsyncResource.bind(work);
      this.waiting.push({ key, work: bound, done: resolve as Member['done'], failed: reject });
      this.call();
    });
  }

  /** The next round begins when it is due; one call is enough for all that come until then. */
  private call(): void {
    if (this.called) return;
    this.called = true;
    const waitMs = this.gathering.waitMs(this.now());
    if (waitMs > 0) setTimeout(() => this.round(), waitMs);
    else setImmediate(() => this.round());
  }

  private round(): void {
    this.called = false;
    const members = this.take();
    if (members.length === 0) return;
    this.gathering.roundBegins(this.now(), members.length);
    void this.together(members).finally(() => {
      for (const { key } of members) this.underWay.delete(key);
      if (this.waiting.length > 0) this.call();
    });
    if (this.waiting.some(({ key }) => !this.underWay.has(key))) this.call();
  }

  /** In the order of the keys: locks are then asked for in one order everywhere. */
  private take(): Member[] {
    const taken: Member[] = [];
    const left: Member[] = [];
    for (const member of this.waiting) {
      const goes = taken.length < MOST && !this.underWay.has(member.key);
      if (goes) this.underWay.add(member.key);
      (goes ? taken : left).push(member);
    }
    this.waiting = left;
    return taken.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private async together(members: readonly Member[]): Promise<void> {
    if (members.length > 1) {
      try {
        const results = await this.alone((tx) => allOf(members.map(({ work }) => work(tx))));
        members.forEach(({ done }, index) => done(results[index]));
        return;
      } catch (error) {
        if (isDatabaseUnavailable(error)) {
          // It may have been committed: whether to send it again is the caller's to say.
          members.forEach(({ failed }) => failed(error));
          return;
        }
      }
    }
    await Promise.all(members.map(({ work, done, failed }) => this.alone(work).then(done, failed)));
  }
}

/** All of it ends before what failed first is thrown: nobody is left in a transaction that is over. */
async function allOf(works: readonly Promise<unknown>[]): Promise<unknown[]> {
  const ends = await Promise.allSettled(works);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
