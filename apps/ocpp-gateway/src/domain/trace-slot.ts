/**
 * The ring that holds the frame trace: one partition an hour, used again after TRACE_SLOTS hours. The partition of the hour
 * after next is emptied in time, so that it is empty when its hour comes.
 */
export const TRACE_SLOTS = 50;
/** The hour being written, the one emptied ahead, and one of grace for clocks that differ. */
export const MAX_TRACE_HOURS = TRACE_SLOTS - 3;

const HOUR_MS = 3_600_000;
/** Frames of one process in one millisecond; more borrow from the next one. */
export const PER_MS = 512;

export function traceSlot(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) % TRACE_SLOTS;
}

/** Slots that hold nothing anybody may want: those of the next hours, and of hours older than `hours`. */
export function slotsToForget(nowMs: number, hours: number): number[] {
  const kept = new Set<number>();
  for (let back = -1; back <= hours; back++) kept.add(traceSlot(nowMs - back * HOUR_MS));
  return Array.from({ length: TRACE_SLOTS }, (_, slot) => slot).filter((slot) => !kept.has(slot));
}

/** Numbers frames in the order a process saw them; the number tells the time, too. */
export class FrameNumbers {
  private last = 0;

  next(atMs: number): number {
    this.last = Math.max(this.last + 1, atMs * PER_MS);
    return this.last;
  }
}

export function timeOfFrame(no: number): Date {
  return new Date(Math.floor(no / PER_MS));
}

/** The lowest number a frame of that time or later can have. */
export function frameNumberFrom(at: Date): number {
  return at.getTime() * PER_MS;
}
