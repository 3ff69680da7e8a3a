import { RateGate } from '../../domain/rate-gate.js';

export interface Closable {
  close(code: number, reason: string): void;
}

/** All that wait are closed within this time: a charger waits about 30 s for an answer before it counts a failed try. */
const LONGEST_WAIT_MS = 10_000;
const TICK_MS = 200;

/**
 * Closes sockets whose message could not be stored, spread over time: when a service is down, a whole fleet that came back at
 * once would be the next outage.
 */
export class PacedCloser {
  private readonly waiting = new Map<Closable, { code: number; reason: string }>();
  private readonly gate: RateGate;
  private share = 0;

  constructor(perSecond: number) {
    this.gate = new RateGate(perSecond);
  }

  get size(): number {
    return this.waiting.size;
  }

  close(socket: Closable, code: number, reason: string, now: number): void {
    if (this.waiting.size === 0 && this.gate.tryPass(now)) socket.close(code, reason);
    else {
      this.waiting.set(socket, { code, reason });
      this.share = Math.max(this.share, Math.ceil((this.waiting.size * TICK_MS) / LONGEST_WAIT_MS));
    }
  }

  forget(socket: Closable): void {
    this.waiting.delete(socket);
  }

  /** Call every 200 ms. */
  tick(now: number): void {
    let closed = 0;
    for (const [socket, { code, reason }] of this.waiting) {
      if (!this.gate.tryPass(now) && closed >= this.share) break;
      this.waiting.delete(socket);
      socket.close(code, reason);
      closed++;
    }
    if (this.waiting.size === 0) this.share = 0;
  }
}
