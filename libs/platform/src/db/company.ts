import { AsyncResource } from 'node:async_hooks';
import { unavailable } from '@kilowatch/kernel';
import { Gathering, type GatherTimes } from '../outbox/gathering.js';
import { DATABASE_BUSY, isDatabaseUnavailable } from './database-error.js';
import { allAtOnce } from './side-by-side.js';
import type { Tx } from './tx.js';

type Work<T> = (tx: Tx) => Promise<T>;

/** One transaction around `work`, on its own. */
export type Alone = <T>(work: Work<T>) => Promise<T>;

interface Member {
  readonly since: number;
  /** What it must not share a transaction about. */
  readonly key: string;
  readonly work: Work<unknown>;
  readonly done: (result: unknown) => void;
  readonly failed: (error: unknown) => void;
}

const TIMES: GatherTimes = { calmMs: 0, perItemMs: 4, busyMs: 40 };
const MOST = 64;
/** Full rounds need not wait for the pace, but leave connections to others. */
const MOST_ROUNDS = 4;
/** As long as a statement waits for a lock. Nobody listens any more to what waited longer. */
const PATIENCE_MS = 5_000;

/**
 * Transactions of one scope that callers who do not know each other share while there are many of them: BEGIN, COMMIT, the outbox and
 * each round trip are paid once for all. Whoever comes alone on a calm system goes alone, at once.
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
  private timer: NodeJS.Timeout | undefined;
  private rounds = 0;
  /** The round that began last. */
  private latest = { isUnderWay: false };

  constructor(
    private readonly alone: Alone,
    /** Milliseconds of a clock that does not go back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  join<T>(key: string, work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // Traces and what else hangs on the call follow the caller, not whoever began the round.
      const caller = new AsyncResource('company');
      const bound = async (tx: Tx) => caller.runInAsyncScope(work, undefined, tx);
      const since = this.now();
      this.waiting.push({ since, key, work: bound, done: resolve as Member['done'], failed: reject });
      this.call();
    });
  }

  /** The next round begins when it is due, or when it is full; one call is enough for all that come until then. */
  private call(): void {
    const isFull = this.waiting.length >= MOST && this.rounds < MOST_ROUNDS;
    if (this.called && !(isFull && this.timer)) return;
    this.uncall();
    this.called = true;
    const waitMs = isFull ? 0 : this.waitMs();
    if (waitMs > 0) this.timer = setTimeout(() => this.round(), waitMs);
    else setImmediate(() => this.round());
  }

  /** Forgets a call that waits for its time. */
  private uncall(): void {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.called = false;
  }

  /**
   * The slower the machine, the more wait for the end of the round before, and the fewer rounds there are. But a round that waits for
   * a lock is no reason to wait with it, nor one before the last.
   */
  private waitMs(): number {
    const now = this.now();
    return this.latest.isUnderWay ? this.gathering.longestMs(now) : this.gathering.waitMs(now);
  }

  private round(): void {
    this.called = false;
    this.timer = undefined;
    const members = this.take();
    if (members.length === 0) return;
    const round = { isUnderWay: true };
    this.latest = round;
    this.gathering.roundBegins(this.now(), members.length);
    this.rounds += 1;
    void this.together(members).finally(() => {
      this.rounds -= 1;
      round.isUnderWay = false;
      this.uncall();
      this.goOn();
    });
    this.goOn();
  }

  private goOn(): void {
    if (this.waiting.some(({ key }) => !this.underWay.has(key))) this.call();
  }

  /** Its own outcome is there: whoever waits for the key need not wait for others of its round. */
  private settle({ key }: Member, tell: () => void): void {
    this.underWay.delete(key);
    tell();
    this.goOn();
  }

  /** In the order of the keys: locks are then asked for in one order everywhere. */
  private take(): Member[] {
    const taken: Member[] = [];
    const left: Member[] = [];
    const tooLate = this.now() - PATIENCE_MS;
    for (const member of this.waiting) {
      if (member.since < tooLate) {
        member.failed(unavailable(DATABASE_BUSY, 'The data is in use, please try again.'));
        continue;
      }
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
        const results = await this.alone((tx) => allAtOnce(members.map(({ work }) => work(tx))));
        members.forEach((member, index) => this.settle(member, () => member.done(results[index])));
        return;
      } catch (error) {
        if (isDatabaseUnavailable(error)) {
          // It may have been committed: whether to send it again is the caller's to say.
          members.forEach((member) => this.settle(member, () => member.failed(error)));
          return;
        }
      }
    }
    await Promise.all(
      members.map((member) =>
        this.alone(member.work).then(
          (result) => this.settle(member, () => member.done(result)),
          (error: unknown) => this.settle(member, () => member.failed(error)),
        ),
      ),
    );
  }
}
