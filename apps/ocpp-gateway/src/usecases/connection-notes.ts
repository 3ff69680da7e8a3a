import { tokenKey } from '@kilowatch/kernel';
import type { IdToken, StationModel } from '@kilowatch/ocpp';
import type { Registration } from '../domain/registration-gate.js';
import type { Station } from '../domain/station.js';

interface ShownClock {
  readonly offsetSeconds: number;
  readonly at: Date;
}

/** What happened on one connection so far. */
export interface ConnectionNotes {
  /** When the charger last sent a call; the start of the connection before that. */
  lastCallAt: Date;
  readonly since: Date;
  /** The charger's clock minus ours, as the freshest of its live messages showed it. */
  clock?: ShownClock;
  /** As the freshest of all its messages did, those that may have waited too: its clock is not further behind. */
  clockAtLeast?: ShownClock;
  /** Once it has booted on this connection, or been looked up. */
  model?: StationModel;
  /** What its last boot was answered; none yet: it is taken for accepted (domain/registration-gate.ts). */
  registration?: Registration;
  /** When we last answered a boot, and how long the charger was told to wait. */
  bootAnsweredAt?: Date;
  intervalSeconds?: number;
  /** It speaks the older dialect of plug and charge over 1.6. */
  speaksOldPlugAndCharge?: boolean;
  /** When it last asked about a token, or was asked to start for it, by folded token; the last few. */
  readonly asked: Map<string, Date>;
  /** Calls of ours in a row that it did not answer. */
  unanswered: number;
  /** When we asked it to boot again. */
  askedToBootAt?: Date;
  /** What it last said of an upload or update, by action. */
  readonly progress: Map<string, string>;
  /** Whom a tag of the station stands for, by folded tag (Q44). */
  readonly standIns: Map<string, { readonly token: IdToken; readonly until: Date }>;
}

/** Each connection has a Station object of its own: the notes go when it goes. */
const notes = new WeakMap<Station, ConnectionNotes>();

export function notesOf(station: Station, now: Date): ConnectionNotes {
  let held = notes.get(station);
  if (held === undefined) {
    held = {
      lastCallAt: now,
      since: now,
      asked: new Map(),
      unanswered: 0,
      progress: new Map(),
      standIns: new Map(),
    };
    notes.set(station, held);
  }
  return held;
}

/** Q21: what an operator set counts before what is known of the model. As long as nobody knows that, it is pinged. */
export function isPinged({ pinged }: Station, { model }: ConnectionNotes): boolean {
  return pinged ?? model?.answersPings ?? true;
}

/** What a charger sends in its first minute may have waited while it was offline. */
const QUEUED_MS = 60_000;
/** After that a clock may have been set. */
const CLOCK_MS = 15 * 60_000;

/** A message that is sent when it happens. Of several the one that came fastest tells the clock: what delays adds to the others. */
export function noteClock(station: Station, deviceTime: Date, receivedAt: Date): void {
  const held = notesOf(station, receivedAt);
  const shown = { offsetSeconds: offsetOf(deviceTime, receivedAt), at: receivedAt };
  held.clockAtLeast = faster(held.clockAtLeast, shown);
  if (receivedAt.getTime() - held.since.getTime() >= QUEUED_MS) held.clock = faster(held.clock, shown);
}

export function forgetClock(notes: ConnectionNotes): void {
  delete notes.clock;
  delete notes.clockAtLeast;
}

function faster(held: ShownClock | undefined, shown: ShownClock): ShownClock {
  const isOld = !held || shown.at.getTime() - held.at.getTime() >= CLOCK_MS;
  return isOld || shown.offsetSeconds >= held.offsetSeconds ? shown : held;
}

/** Tokens that a connection remembers to have been asked about. */
const ASKED = 16;
/** Between showing a card and the start, with a cable to be plugged in. */
const ASKED_MS = 10 * 60_000;

/** The station asks about a token, or is asked to start for it: whoever shows it, or wants it, is there now. */
export function noteAsked(station: Station, value: string, now: Date): void {
  const { asked } = notesOf(station, now);
  asked.delete(tokenKey(value));
  asked.set(tokenKey(value), now);
  if (asked.size > ASKED) asked.delete(asked.keys().next().value!);
}

/** By how much messages of one clock may differ that were sent when they happened; what is told later is late (sessions). */
const LATE_SECONDS = 60;

/**
 * The charger's clock minus ours at a start: of one whose token was just asked about, by that start itself, unless the clock has written
 * something newer: then it waited in a queue while the same token came again, and its age is no offset.
 */
export function clockAtStart(
  station: Station,
  start: { readonly value: string; readonly deviceTime: Date | null },
  receivedAt: Date,
): number | undefined {
  const held = notesOf(station, receivedAt);
  const at = held.asked.get(tokenKey(start.value));
  const isAsked = at !== undefined && receivedAt.getTime() - at.getTime() <= ASKED_MS;
  if (!isAsked || !start.deviceTime) return held.clock?.offsetSeconds;
  const own = offsetOf(start.deviceTime, receivedAt);
  const least = held.clockAtLeast?.offsetSeconds;
  return least !== undefined && own < least - LATE_SECONDS ? least : own;
}

function offsetOf(deviceTime: Date, receivedAt: Date): number {
  const seconds = Math.round((deviceTime.getTime() - receivedAt.getTime()) / 1000);
  // 1970 and its like are no clocks.
  return Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, seconds));
}

const MOST_SECONDS = 2_147_483_647;
