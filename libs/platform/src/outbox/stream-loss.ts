import type { StreamState } from './outbox-store.js';

/**
 * Whether the stream holds less than what was acknowledged: made anew (data directory lost) or its end went back (a crash
 * before the server's fsync: JetStream acknowledges earlier).
 */
export function lostData(known: StreamState, found: StreamState): boolean {
  return found.created !== known.created || found.lastSeq < known.lastSeq;
}
