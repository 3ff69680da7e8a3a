import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import {
  forgetVersion,
  noteConnected,
  noteDisconnected,
  noteLocation,
  type SeenConnected,
} from '../../persistence/local-list.repository.js';

/** A station that has just come has other things to say first. */
const SETTLE_MS = 2_000;

/** Stations come and go, and others write their lists. */
@Injectable()
export class FollowStations {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  connected(tx: Tx, tenant: string, seen: readonly SeenConnected[]): Promise<void> {
    const dueAt = new Date(this.clock.now().getTime() + SETTLE_MS);
    return noteConnected(tx, tenant, latestOf(seen), dueAt);
  }

  disconnected(
    tx: Tx,
    tenant: string,
    gone: readonly { stationId: string; generation: number }[],
  ): Promise<void> {
    return noteDisconnected(tx, tenant, latestOf(gone));
  }

  /** It may be subject to another policy now. */
  placed(tx: Tx, tenant: string, at: { stationId: string; locationId: string }): Promise<void> {
    return noteLocation(tx, tenant, at, this.clock.now());
  }

  /** Of a list that somebody else wrote we know nothing; the next Full puts it right where a policy asks for one. */
  overwritten(tx: Tx, tenant: string, stationId: string): Promise<void> {
    return forgetVersion(tx, tenant, stationId, this.clock.now());
  }
}

/** Of each station the latest connection, in one order everywhere. */
function latestOf<T extends { readonly stationId: string; readonly generation: number }>(
  seen: readonly T[],
): T[] {
  const latest = new Map<string, T>();
  for (const one of seen)
    if ((latest.get(one.stationId)?.generation ?? -1) < one.generation) latest.set(one.stationId, one);
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
