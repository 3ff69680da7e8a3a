/**
 * Guessing codes at a keypad (OCPP 2.0.1 C04): after so many wrong ones within the window the keypad's codes are refused without being
 * looked at, twice as long each time it goes on. A right code ends it. In memory and bounded: of more keypads than
 * that the one quiet for longest is forgotten.
 */
export interface BackOffLimits {
  readonly failures: number;
  readonly windowMs: number;
}

const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
const CAPACITY = 20_000;

interface Keypad {
  readonly failures: readonly number[];
  /** Waits in a row. */
  readonly waits: number;
  readonly until: number;
}

export class KeyCodeBackOff {
  private readonly keypads = new Map<string, Keypad>();

  constructor(private readonly capacity = CAPACITY) {}

  /** Seconds until codes are looked at again; 0 = now. */
  waitSeconds(keypad: string, now: Date): number {
    const until = this.keypads.get(keypad)?.until ?? 0;
    return Math.max(0, Math.ceil((until - now.getTime()) / 1000));
  }

  failed(keypad: string, now: Date, limits: BackOffLimits): void {
    const at = now.getTime();
    const held = this.keypads.get(keypad) ?? { failures: [], waits: 0, until: 0 };
    const failures = [...held.failures.filter((one) => one > at - limits.windowMs), at];
    // Whoever waited out one wait and fails again at once goes on where they were.
    const isRepeated = held.waits > 0 && at - held.until < limits.windowMs;
    const waits = isRepeated ? held.waits : 0;
    const starts = (isRepeated && at >= held.until) || failures.length >= limits.failures;
    this.keep(keypad, starts ? waiting(at, waits) : { failures, waits, until: held.until });
  }

  /** What all pods counted within the window: a keypad whose codes go to several of them is held back all the same. */
  heard(keypad: string, failures: number, now: Date, limits: BackOffLimits): void {
    const held = this.keypads.get(keypad);
    if (!held || held.until > now.getTime() || failures < limits.failures) return;
    this.keep(keypad, waiting(now.getTime(), held.waits));
  }

  knows(keypad: string): boolean {
    return this.keypads.has(keypad);
  }

  private keep(keypad: string, next: Keypad): void {
    // Re-inserted last: a Map keeps insertion order, so the first key is the one quiet for longest.
    this.keypads.delete(keypad);
    this.keypads.set(keypad, next);
    if (this.keypads.size > this.capacity) {
      const [oldest] = this.keypads.keys();
      if (oldest !== undefined) this.keypads.delete(oldest);
    }
  }

  succeeded(keypad: string): void {
    this.keypads.delete(keypad);
  }
}

function waiting(at: number, waits: number): Keypad {
  return {
    failures: [],
    waits: waits + 1,
    until: at + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** waits),
  };
}
