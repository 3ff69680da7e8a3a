import { tokenKey } from '@kilowatch/kernel';
import type { IdToken } from '@kilowatch/ocpp';
import type { Station } from '../domain/station.js';
import { notesOf } from './connection-notes.js';

/** As long as a remote start waits for its transaction (sessions). */
const ASKED_FOR_MS = 2 * 60_000;

/**
 * Q44: the station was asked to start with a tag of its own, and may ask whether that tag is welcome before it starts. On the
 * connection that it was asked on this is known without a question; on any other sessions knows, which keeps the request for the
 * time it waits (handle-authorize.ts). After that the tag is what it is, a token of nobody.
 */
export function noteStandIn(station: Station, tag: string, standsFor: IdToken, now: Date): void {
  const until = new Date(now.getTime() + ASKED_FOR_MS);
  notesOf(station, now).standIns.set(tokenKey(tag), { token: standsFor, until });
}

/** The token that is meant by what the station shows. */
export function meantToken(station: Station, shown: IdToken, now: Date): IdToken {
  const standIn = notesOf(station, now).standIns.get(tokenKey(shown.value));
  return standIn && standIn.until >= now ? standIn.token : shown;
}
