import type { IdToken, StationModel } from '@kilowatch/ocpp';
import type { Registration } from '../domain/registration-gate.js';
import type { Station } from '../domain/station.js';

/** What happened on one connection so far. */
export interface ConnectionNotes {
  /** When the charger last sent a call; the start of the connection before that. */
  lastCallAt: Date;
  /** Once it has booted on this connection, or been looked up. */
  model?: StationModel;
  /** What its last boot was answered; none yet: it is taken for accepted (domain/registration-gate.ts). */
  registration?: Registration;
  /** When we last answered a boot, and how long the charger was told to wait. */
  bootAnsweredAt?: Date;
  intervalSeconds?: number;
  /** It speaks the older dialect of plug and charge over 1.6. */
  speaksOldPlugAndCharge?: boolean;
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
    held = { lastCallAt: now, unanswered: 0, progress: new Map(), standIns: new Map() };
    notes.set(station, held);
  }
  return held;
}
