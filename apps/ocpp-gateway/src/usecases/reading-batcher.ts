import { toAppError, unavailable } from '@kilowatch/kernel';
import type { metering } from '@kilowatch/contracts';
import { currentTraceparent } from '@kilowatch/platform';

export interface BatchLimits {
  /** A batch goes out when it has so many sets, */
  readonly maxSets: number;
  /** or so many bytes (estimate; signed values are large), */
  readonly maxBytes: number;
  /** or when its oldest has waited so long. */
  readonly lingerMs: number;
  /** More than this may not wait: the charger is told to come back later. */
  readonly maxWaitingBytes: number;
}

export const BATCH_LIMITS: BatchLimits = {
  maxSets: 500,
  maxBytes: 2 * 1024 * 1024,
  lingerMs: 12,
  maxWaitingBytes: 32 * 1024 * 1024,
};

export interface BatchPorts {
  /** Resolves when every set is on disk. `traces`: of the messages in the batch, which is part of none of them. */
  record(sets: metering.MeterValueSet[], traces: readonly string[]): Promise<void>;
  schedule(run: () => void, ms: number): void;
  /** Monotonic milliseconds. */
  now(): number;
  sent?(sets: number): void;
}

interface Waiting {
  readonly sets: metering.MeterValueSet[];
  readonly bytes: number;
  readonly trace: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns the readings of all sockets into few calls: they gather for a few milliseconds, one call is in flight, the next batch
 * gathers meanwhile. A promise resolves once its own readings are stored. A batch that is refused for one message's sake is
 * halved until only that message fails.
 */
export class ReadingBatcher {
  private waiting: Waiting[] = [];
  private waitingSets = 0;
  private waitingBytes = 0;
  private oldestAt = 0;
  private inFlight: Promise<void> | undefined;
  private armed = false;

  constructor(
    private readonly ports: BatchPorts,
    private readonly limits: BatchLimits = BATCH_LIMITS,
  ) {}

  get queuedSets(): number {
    return this.waitingSets;
  }

  /** Rejects with UNAVAILABLE when too much waits already, else with what the metering service said. */
  add(sets: metering.MeterValueSet[]): Promise<void> {
    if (sets.length === 0) return Promise.resolve();
    const bytes = sets.reduce((sum, set) => sum + sizeOf(set), 0);
    if (this.waitingBytes > 0 && this.waitingBytes + bytes > this.limits.maxWaitingBytes) {
      return Promise.reject(unavailable('READINGS_OVERLOAD', 'Too many readings are waiting to be stored'));
    }
    if (this.waiting.length === 0) this.oldestAt = this.ports.now();
    this.waitingSets += sets.length;
    this.waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.waiting.push({ sets, bytes, trace: currentTraceparent(), resolve, reject });
      this.poke();
    });
  }

  /** Sends what waits and resolves when nothing is left. */
  async drain(): Promise<void> {
    while (this.inFlight !== undefined || this.waiting.length > 0) {
      if (this.inFlight === undefined) this.flush();
      await this.inFlight;
    }
  }

  private poke(): void {
    if (this.inFlight !== undefined || this.waiting.length === 0) return;
    const left = this.oldestAt + this.limits.lingerMs - this.ports.now();
    if (left <= 0 || this.isFull()) return this.flush();
    if (this.armed) return;
    this.armed = true;
    this.ports.schedule(() => {
      this.armed = false;
      if (this.inFlight === undefined && this.waiting.length > 0) this.flush();
    }, left);
  }

  private isFull(): boolean {
    return this.waitingSets >= this.limits.maxSets || this.waitingBytes >= this.limits.maxBytes;
  }

  private flush(): void {
    const batch = this.takeBatch();
    this.inFlight = this.send(batch).finally(() => {
      this.inFlight = undefined;
      this.poke();
    });
  }

  /** As many messages as fit; at least one. */
  private takeBatch(): Waiting[] {
    let count = 0;
    let sets = 0;
    let bytes = 0;
    for (const { sets: own, bytes: size } of this.waiting) {
      if (count > 0 && (sets + own.length > this.limits.maxSets || bytes + size > this.limits.maxBytes))
        break;
      count++;
      sets += own.length;
      bytes += size;
    }
    const batch = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    this.waitingSets -= sets;
    this.waitingBytes -= bytes;
    // What stays has waited already.
    return batch;
  }

  private async send(batch: Waiting[]): Promise<void> {
    const sets = batch.flatMap((message) => message.sets);
    try {
      const traces = batch.flatMap(({ trace }) => (trace === undefined ? [] : [trace]));
      await this.ports.record(sets, traces);
      this.ports.sent?.(sets.length);
      for (const message of batch) message.resolve();
    } catch (thrown) {
      const { kind } = toAppError(thrown);
      const wouldFailForAll = kind === 'UNAVAILABLE' || kind === 'TIMEOUT' || kind === 'RATE_LIMITED';
      if (batch.length === 1 || wouldFailForAll) {
        for (const message of batch) message.reject(thrown);
        return;
      }
      const middle = batch.length >> 1;
      await this.send(batch.slice(0, middle));
      await this.send(batch.slice(middle));
    }
  }
}

/** Estimate of the encoded size; only its order of magnitude matters. */
function sizeOf(set: metering.MeterValueSet): number {
  let bytes = 150;
  for (const { value, measurand, context, signedData } of set.samples) {
    bytes += 50 + value.length + measurand.length + context.length + signedData.length;
  }
  return bytes;
}
