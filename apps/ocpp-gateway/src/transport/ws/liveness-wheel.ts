/**
 * Finds half-open connections (docs/ocpp-notes.md section 2, point 6): each socket is pinged every 30-60 s, at moments
 * spread at random; one that shows no sign of life after two pings is dead. Any traffic counts. One clock for all
 * sockets: a slot per second, each socket in one slot, so that an idle socket costs no timer.
 */
export interface Living {
  /** When something last came from the other side, epoch milliseconds. */
  readonly lastTrafficAt: number;
  readonly liveness: LivenessState;
  /** Undefined: it is pinged. Else it does not answer pings, or closes at them (Q21), and may be silent for so long. */
  readonly silenceAllowedMs: number | undefined;
  ping(): void;
  /** The other side is gone. */
  lost(): void;
}

export class LivenessState {
  slot = -1;
  pingedAt = 0;
  missed = 0;
}

export interface PingInterval {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

const MISSES_ALLOWED = 1;

export class LivenessWheel<T extends Living> {
  private readonly slots: Set<T>[];
  private lastSecond: number | undefined;

  /** `random` gives 0 <= n < 1. */
  constructor(
    private readonly interval: PingInterval,
    private readonly random: () => number,
  ) {
    this.slots = Array.from(
      { length: Math.max(interval.minSeconds, interval.maxSeconds) + 2 },
      () => new Set<T>(),
    );
  }

  add(item: T, now: number): void {
    item.liveness.pingedAt = 0;
    item.liveness.missed = 0;
    this.schedule(item, Math.floor(now / 1000));
  }

  remove(item: T): void {
    if (item.liveness.slot >= 0) this.slots[item.liveness.slot]!.delete(item);
    item.liveness.slot = -1;
  }

  /** Call about once a second; seconds that were missed are made up for. */
  tick(now: number): void {
    const second = Math.floor(now / 1000);
    const from = Math.max((this.lastSecond ?? second - 1) + 1, second - this.slots.length + 1);
    this.lastSecond = second;
    // Taken out first: what is put back during catching up must not come up a second time.
    const due: T[] = [];
    for (let s = from; s <= second; s++) due.push(...this.slots[s % this.slots.length]!);
    for (const item of due) this.remove(item);
    for (const item of due) this.visit(item, second, now);
  }

  private visit(item: T, second: number, now: number): void {
    const state = item.liveness;
    const allowed = item.silenceAllowedMs;
    if (allowed !== undefined) {
      state.pingedAt = 0;
      return now - item.lastTrafficAt > allowed ? item.lost() : this.schedule(item, second);
    }
    const silent = state.pingedAt > 0 && item.lastTrafficAt < state.pingedAt;
    state.missed = silent ? state.missed + 1 : 0;
    if (state.missed > MISSES_ALLOWED) return item.lost();
    state.pingedAt = now;
    item.ping();
    this.schedule(item, second);
  }

  private schedule(item: T, second: number): void {
    const { minSeconds, maxSeconds } = this.interval;
    const wait = minSeconds + Math.floor(this.random() * (Math.max(maxSeconds, minSeconds) - minSeconds + 1));
    item.liveness.slot = (second + Math.max(1, wait)) % this.slots.length;
    this.slots[item.liveness.slot]!.add(item);
  }
}
