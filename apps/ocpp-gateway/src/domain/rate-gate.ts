/**
 * Token bucket: lets `perSecond` through on average and at most that many at once. Used where a crowd must be spread over
 * time: chargers coming back after an outage (accept), and sockets told to go away (paced closing). Time is an argument,
 * milliseconds; a clock that steps back costs at most the tokens of that step.
 */
export class RateGate {
  private tokens: number;
  private last: number | undefined;

  constructor(private readonly perSecond: number) {
    this.tokens = perSecond;
  }

  /** True: go now. */
  tryPass(now: number): boolean {
    this.refill(now);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  private refill(now: number): void {
    const elapsed = Math.max(0, now - (this.last ?? now));
    this.last = now;
    this.tokens = Math.min(this.perSecond, this.tokens + (elapsed * this.perSecond) / 1000);
  }
}
