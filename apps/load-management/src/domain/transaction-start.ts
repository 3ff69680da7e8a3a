/**
 * When a transaction began, as two clocks have it. Profiles count from then on the station's clock, and a station's clock may be years off
 * (docs/ocpp-notes.md Q18).
 */
import { AHEAD_TOLERANCE_MS } from '@kilowatch/kernel';

export interface TransactionStart {
  /** As sessions has it: the station's time, or ours in place of one that no clock can mean. */
  readonly startedAt: Date;
  /** The station's clock minus ours at the start, ms. */
  readonly clockOffsetMs: number;
}

/** A time that was replaced shows: the station was too far ahead, or without its lead the start would lie ahead of us. */
export function startByOurClock({ startedAt, clockOffsetMs }: TransactionStart, now: Date): Date {
  const moved = startedAt.getTime() - clockOffsetMs;
  const isReplaced = clockOffsetMs > AHEAD_TOLERANCE_MS || moved > now.getTime() + AHEAD_TOLERANCE_MS;
  return isReplaced ? startedAt : new Date(moved);
}

export function startByStationClock(start: TransactionStart, now: Date): Date {
  return new Date(startByOurClock(start, now).getTime() + start.clockOffsetMs);
}
