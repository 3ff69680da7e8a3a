import { claim } from '../../domain/ownership.js';
import type { Station } from '../../domain/station.js';

export interface Registered {
  readonly station: Station;
}

/** The sockets of this pod, at most one for a station: the one of the newest generation. */
export class SocketRegistry<S extends Registered> {
  private readonly byStation = new Map<string, S>();

  get size(): number {
    return this.byStation.size;
  }

  all(): IterableIterator<S> {
    return this.byStation.values();
  }

  find(tenant: string, stationId: string): S | undefined {
    return this.byStation.get(keyOf(tenant, stationId));
  }

  /** Puts the socket in its place; returns the loser of the two that wanted it, which may be the new one. */
  add(socket: S): S | undefined {
    const key = keyOf(socket.station.tenant, socket.station.stationId);
    const holder = this.byStation.get(key);
    if (claim(holder?.station, socket.station) !== 'take') return holder === socket ? undefined : socket;
    this.byStation.set(key, socket);
    return holder;
  }

  /** Only removes this very socket: the late end of an older one leaves the newer in place. */
  remove(socket: S): boolean {
    const key = keyOf(socket.station.tenant, socket.station.stationId);
    return this.byStation.get(key) === socket && this.byStation.delete(key);
  }
}

function keyOf(tenant: string, stationId: string): string {
  return `${tenant}/${stationId}`;
}
