/**
 * Periodic event streams of 2.1 stations (OCPP 2.1 part 2, use cases N11 to N14). A station offers to tell the values of a monitor
 * many at a time, without answers. It is let when we know the monitor: we set it, or the station reported it. Anything else would
 * be numbers of which nobody can say what they are. After a boot a station opens its streams again.
 */

/** A station holds few constant streams; one that keeps opening new ones is broken. */
export const MOST_OPEN = 100;
/** Of one message; more of them is what a station may wait with, and the newest say most. */
export const MOST_VALUES = 1_000;
/** Of one monitor: the oldest go. */
export const MOST_KEPT = 10_000;
/** How often that is looked after, in values received. */
const TRIM_EVERY = 1_000;

export interface Opening {
  readonly monitorKnown: boolean;
  /** This very stream is open. */
  readonly isOpen: boolean;
  /** Open streams of the station. */
  readonly open: number;
}

/** `reasonCode`: empty when it is let. */
export function openingVerdict({ monitorKnown, isOpen, open }: Opening): {
  accepted: boolean;
  reasonCode: string;
} {
  if (!monitorKnown) return { accepted: false, reasonCode: 'UnknownMonitor' };
  if (!isOpen && open >= MOST_OPEN) return { accepted: false, reasonCode: 'TooManyStreams' };
  return { accepted: true, reasonCode: '' };
}

export interface StreamValue {
  readonly at: Date;
  readonly value: string;
}

/** The newest, each time once (the last of several with one time counts), in the order of time. */
export function keptValues(values: readonly StreamValue[]): StreamValue[] {
  const byTime = new Map(values.map((each) => [each.at.getTime(), each]));
  return [...byTime.values()].sort((a, b) => a.at.getTime() - b.at.getTime()).slice(-MOST_VALUES);
}

/** Whether values beyond MOST_KEPT are to be looked for, after `count` more made it `received`. */
export function isTrimDue(received: number, count: number): boolean {
  return Math.floor(received / TRIM_EVERY) > Math.floor((received - count) / TRIM_EVERY);
}
