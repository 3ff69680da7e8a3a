import { setTimeout as delay } from 'node:timers/promises';
import { Latencies } from './latencies.js';
import { LoadCharger, type Reconnect } from './load-charger.js';
import {
  measured,
  METER_MESSAGES,
  WARM_UP_MS,
  type BenchCharger,
  type LoadResult,
  type Target,
} from './load.js';
import { atOnce, bySchedule } from './pace.js';

export interface OpenLoopOptions extends Target {
  readonly chargers: readonly BenchCharger[];
  readonly messagesPerSecond: number;
  readonly seconds: number;
}

/**
 * All chargers together send so many messages a second, spread evenly, whether others have their answers or not. What was due in the
 * measured time counts, from the moment it was due (see `bySchedule`).
 */
export async function runOpenLoop(options: OpenLoopOptions): Promise<LoadResult> {
  const measuredMs = options.seconds * 1000;
  const warmUpMs = gatheringMs(options) + WARM_UP_MS;
  const work = await ScheduledWork.start(options, warmUpMs + measuredMs + TAIL_MS);
  const until = work.endAt - TAIL_MS;
  await Promise.race([work.done, delay(warmUpMs)]);
  const sentBefore = work.answered;
  const result = await measured(options, work.fleet, async () => {
    await work.done;
    const latencies = work.latenciesOf((since) => since >= until - measuredMs && since < until);
    return { latencies, messages: work.answered - sentBefore };
  });
  work.close();
  // The time it takes to finish charging is none of the schedule's.
  return { ...result, messagesPerSecond: result.messages / options.seconds };
}

export interface JoinOptions extends Omit<OpenLoopOptions, 'seconds'> {
  readonly joining: readonly BenchCharger[];
}

export interface JoinResult {
  readonly joined: number;
  /** From the moment all began to connect to the last answered boot. */
  readonly lastBootedAfterMs: number;
  /** Times one was told to come back later. */
  readonly refusals: number;
  /** Of the chargers at work, from the first knock to two seconds after the last boot. */
  readonly working: LoadResult;
}

const SETTLE_MS = 2_000;
/** When the schedule ends, the fleet finishes charging as fast as it can: what is judged has to be answered before. */
const TAIL_MS = 2_000;
/** Boot, status, authorize, start, stop beside the readings. */
const CALLS_OF_A_SESSION = METER_MESSAGES + 5;
/** As chargers do: a second or two, then twice as long, up to eight (RetryBackOff of OCPP 2.0.1, with short times). */
const BACK_OFF: Reconnect = {
  waitMs: (attempt) => 2 ** Math.min(attempt, 3) * 1_000 + Math.random() * 1_000,
  attempts: 20,
};

/** Chargers that connect and boot all at once while others work by a schedule. */
export async function runJoin(options: JoinOptions): Promise<JoinResult> {
  const work = await ScheduledWork.start(options, Infinity);
  await Promise.race([work.done, delay(gatheringMs(options) + WARM_UP_MS)]);
  const from = performance.now();
  const joiners = options.joining.map((charger) => chargerOf(options.url, charger));
  let lastBootedAfterMs = 0;
  let refusals = 0;
  const sentBefore = work.answered;
  const working = await measured(options, [...work.fleet, ...joiners], async () => {
    await Promise.all(
      joiners.map(async (joiner) => {
        refusals += await joiner.connect(BACK_OFF);
        await joiner.boot();
      }),
    );
    lastBootedAfterMs = performance.now() - from;
    await Promise.race([work.done, delay(SETTLE_MS)]);
    const until = performance.now();
    await work.finish();
    // One that was due before they came and answered while they did was in their way too.
    const latencies = work.latenciesOf((since, ms) => since + ms >= from && since < until);
    return { latencies, messages: work.answered - sentBefore + joiners.length };
  });
  work.close();
  joiners.forEach((joiner) => joiner.close());
  return { joined: joiners.length, lastBootedAfterMs, refusals, working };
}

/** A fleet that sends by a schedule. */
class ScheduledWork {
  private readonly answers: { readonly since: number; readonly ms: number }[] = [];
  readonly fleet: readonly LoadCharger[];
  private stopping = false;
  endAt = Infinity;
  /** Resolves when each charger has finished what it was charging at the end. */
  done: Promise<unknown> = Promise.resolve();

  private constructor({ url, chargers }: Pick<OpenLoopOptions, 'url' | 'chargers'>) {
    this.fleet = chargers.map((charger) =>
      chargerOf(url, charger, (ms, since) => this.answers.push({ since, ms })),
    );
  }

  /** Resolves when all are connected and the schedule has begun. */
  static async start(options: Omit<OpenLoopOptions, 'seconds'>, lengthMs: number): Promise<ScheduledWork> {
    const work = new ScheduledWork(options);
    await Promise.all(work.fleet.map((charger) => charger.connect()));
    work.begin(options.messagesPerSecond, lengthMs);
    return work;
  }

  /** No more schedule: each charger ends what it is charging. */
  async finish(): Promise<void> {
    this.stopping = true;
    for (const charger of this.fleet) charger.pace = atOnce;
    await this.done;
  }

  get answered(): number {
    return this.answers.length;
  }

  latenciesOf(counts: (since: number, ms: number) => boolean): Latencies {
    const latencies = new Latencies();
    for (const { since, ms } of this.answers) if (counts(since, ms)) latencies.note(ms);
    return latencies;
  }

  close(): void {
    this.fleet.forEach((charger) => charger.close());
  }

  private begin(messagesPerSecond: number, lengthMs: number): void {
    const { fleet } = this;
    const startAt = performance.now();
    const endAt = startAt + lengthMs;
    this.endAt = endAt;
    const everyMs = (fleet.length / messagesPerSecond) * 1000;
    const gathering = gatheringMs({ chargers: fleet, messagesPerSecond });
    fleet.forEach((charger, index) => {
      charger.pace = bySchedule({ firstAt: startAt + (gathering * index) / fleet.length, everyMs, endAt });
    });
    const isOver = () => this.stopping || performance.now() >= endAt;
    this.done = Promise.all(fleet.map((charger) => charger.run(isOver)));
  }
}

/**
 * Chargers begin one after the other within the time of one whole session, so that at every moment as many begin and end one as on
 * average. Begun together, all sessions of the fleet would start in the same second.
 */
function gatheringMs({
  chargers,
  messagesPerSecond,
}: {
  readonly chargers: readonly unknown[];
  readonly messagesPerSecond: number;
}): number {
  return (chargers.length / messagesPerSecond) * 1000 * CALLS_OF_A_SESSION;
}

function chargerOf(
  url: string,
  { identity, token }: BenchCharger,
  onAnswer: (ms: number, since: number) => void = () => undefined,
): LoadCharger {
  const cycle = { version: '2.0.1', token, meterMessages: METER_MESSAGES } as const;
  return new LoadCharger(`${url}/${identity}`, cycle, onAnswer);
}
