import { setImmediate as chargersFirst } from 'node:timers/promises';
import { storableText, type Clock, type IdSource } from '@kilowatch/kernel';
import { counter, SYSTEM_SCOPE, type Database, type Logger, type Tx } from '@kilowatch/platform';
import { maskFrame } from '../domain/frame-mask.js';
import { RateGate } from '../domain/rate-gate.js';
import type { Station } from '../domain/station.js';
import { inPages, pageOf, type TracePage, type WireFrame } from '../domain/trace-page.js';
import { FrameNumbers } from '../domain/trace-slot.js';
import type {
  ConnectionAttempt,
  ConnectionAttemptRepository,
} from '../persistence/connection-attempt.repository.js';
import type { WireFrameRepository } from '../persistence/wire-frame.repository.js';
import { tellRefusals } from './tell-refusals.js';

export type Attempt = Omit<ConnectionAttempt, 'attemptId' | 'at' | 'lastAt' | 'times'>;

interface Waiting {
  readonly station: Station;
  readonly sent: boolean;
  readonly action: string;
  readonly messageId: string;
  readonly text: string;
  readonly no: number;
}

const FLUSH_MS = 500;
/** One statement holds so many frames, or so many characters. */
const BATCH_FRAMES = 2_000;
const BATCH_LENGTH = 4 * 1024 * 1024;
/** Masked, or packed, between two looks at what else there is to do: one to three milliseconds. */
const FRAMES_AT_ONCE = 200;
const PAGES_AT_ONCE = 25;
/** More may not wait while the database is away: a trace is not worth a process. */
const MAX_FRAMES = 20_000;
const MAX_LENGTH = 32 * 1024 * 1024;
const MAX_ATTEMPTS = 2_000;
/** Refusals kept per second: whoever knocks without end shall not fill the log. */
const REFUSALS_PER_SECOND = 50;
const MAX_TEXT = 300;
const MAX_ID = 64;

/**
 * What operators look into: connections tried and frames exchanged. Written behind the traffic, twice a second, in one
 * statement each; nothing waits for it, and it is dropped (and counted) rather than kept without bound.
 */
export class WireJournal {
  private frames: Waiting[] = [];
  private length = 0;
  private attempts = new Map<string, ConnectionAttempt>();
  private readonly numbers = new FrameNumbers();
  private readonly refusals = new RateGate(REFUSALS_PER_SECOND);
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private complained = false;

  constructor(
    private readonly database: Database,
    private readonly frameRows: WireFrameRepository,
    private readonly attemptRows: ConnectionAttemptRepository,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly log: Logger,
    private readonly settings: { readonly tracesFrames: boolean; readonly defaultTenant: string },
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
  }

  /** Writes what waits. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flushing;
    do await this.flush();
    while (this.frames.length > 0 && !this.complained);
  }

  frame(station: Station, sent: boolean, action: string, messageId: string, text: string): void {
    if (!this.settings.tracesFrames) return;
    if (this.frames.length >= MAX_FRAMES || this.length >= MAX_LENGTH) return this.drop('frames', 1);
    const atMs = this.clock.now().getTime();
    this.frames.push({ station, sent, action, messageId, text, no: this.numbers.next(atMs) });
    this.length += text.length;
  }

  attempt(attempt: Attempt): void {
    const now = this.clock.now();
    if (attempt.outcome === 'REFUSED' && !this.refusals.tryPass(now.getTime()))
      return this.drop('attempts', 1);
    const key =
      attempt.connectionId ??
      [attempt.tenant, attempt.identity, attempt.remoteIp, attempt.reason, attempt.url].join('\n');
    const held = this.attempts.get(key);
    if (!held && this.attempts.size >= MAX_ATTEMPTS) return this.drop('attempts', 1);
    this.attempts.set(
      key,
      held
        ? { ...held, lastAt: now, times: held.times + 1 }
        : { ...bounded(attempt), attemptId: this.ids.newId(), at: now, lastAt: now, times: 1 },
    );
  }

  /** One at a time: a slow database must not pile them up. Never rejects. */
  flush(): Promise<void> {
    this.flushing ??= this.write()
      .then(
        () => (this.complained = false),
        (err: unknown) => this.complain(err),
      )
      .then(() => (this.flushing = undefined));
    return this.flushing;
  }

  /** What waits now. What comes meanwhile waits for the next time: written at once it would be a page of its own for two or three frames. */
  private async write(): Promise<void> {
    let left = this.frames.length;
    while (left > 0 || this.attempts.size > 0) {
      const batch = this.takeBatch(left);
      left -= batch.length;
      const attempts = this.attempts;
      this.attempts = new Map();
      try {
        const pages = await pagesOf(batch);
        await this.database.transaction(SYSTEM_SCOPE, async (tx) => {
          if (pages.length > 0) await this.frameRows.insert(tx, pages);
          if (attempts.size > 0) await this.note(tx, [...attempts.values()]);
        });
      } catch (error) {
        this.takeBack(batch, attempts);
        throw error;
      }
    }
  }

  private async note(tx: Tx, attempts: readonly ConnectionAttempt[]): Promise<void> {
    await this.attemptRows.insert(tx, attempts);
    const untold = tellRefusals(tx, attempts, { ids: this.ids, firstTenant: this.settings.defaultTenant });
    tx.afterCommit(() => this.drop('refusals', untold));
  }

  private takeBatch(most: number): Waiting[] {
    let count = 0;
    let length = 0;
    for (const { text } of this.frames) {
      if (count >= Math.min(BATCH_FRAMES, most) || (count > 0 && length + text.length > BATCH_LENGTH)) break;
      count++;
      length += text.length;
    }
    this.length -= length;
    return this.frames.splice(0, count);
  }

  private takeBack(batch: Waiting[], attempts: Map<string, ConnectionAttempt>): void {
    const room = Math.max(0, MAX_FRAMES - this.frames.length);
    const kept = batch.slice(Math.max(0, batch.length - room));
    this.drop('frames', batch.length - kept.length);
    this.frames = [...kept, ...this.frames];
    this.length += kept.reduce((sum, { text }) => sum + text.length, 0);
    for (const [key, attempt] of attempts) {
      if (!this.attempts.has(key) && this.attempts.size < MAX_ATTEMPTS) this.attempts.set(key, attempt);
    }
  }

  private drop(what: 'frames' | 'attempts' | 'refusals', count: number): void {
    if (count > 0) counter('kw_ocpp_journal_dropped_total').inc({ what }, count);
  }

  private complain(err: unknown): void {
    if (!this.complained) this.log.warn({ err }, 'frames and connections not noted yet');
    this.complained = true;
  }
}

async function pagesOf(batch: readonly Waiting[]): Promise<TracePage[]> {
  const frames = await inTurns(batch, FRAMES_AT_ONCE, frameOf);
  return inTurns(inPages(frames), PAGES_AT_ONCE, pageOf);
}

/** A full batch takes longer to make than a charger's message should have to wait. */
async function inTurns<T, R>(items: readonly T[], atOnce: number, make: (item: T) => R): Promise<R[]> {
  const made: R[] = [];
  for (const item of items) {
    if (made.length > 0 && made.length % atOnce === 0) await chargersFirst();
    made.push(make(item));
  }
  return made;
}

function frameOf({ station, sent, action, messageId, text, no }: Waiting): WireFrame {
  const masked = maskFrame(text);
  return {
    tenant: station.tenant,
    stationId: station.stationId,
    no,
    connectionId: station.connectionId,
    sent,
    action: clean(action, MAX_ID),
    messageId: clean(messageId, MAX_ID),
    bytes: text.length,
    truncated: masked.truncated,
    text: masked.text,
  };
}

/** All of it comes from a stranger. */
function bounded(attempt: Attempt): Attempt {
  return {
    ...attempt,
    identity: clean(attempt.identity, MAX_TEXT),
    url: clean(attempt.url, MAX_TEXT),
    subprotocols: clean(attempt.subprotocols, MAX_TEXT),
    userAgent: clean(attempt.userAgent, MAX_TEXT),
  };
}

function clean(text: string, length: number): string {
  return storableText(text.slice(0, length));
}
