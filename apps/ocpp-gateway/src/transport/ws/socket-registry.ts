import { claim } from '../../domain/ownership.js';
import type { Station } from '../../domain/station.js';

export interface Registered {
  readonly station: Station;
}

/** The sockets of this pod, at most one for a station: the one of the newest generation. */
export class SocketRegistry<S extends Registered> {
  private readonly byStation = new Map<string, S>();
  private readonly tenants = new Map<string, number>();

  get size(): number {
    return this.byStation.size;
  }

  all(): IterableIterator<S> {
    return this.byStation.values();
  }

  /** Sockets of one tenant. */
  ofTenant(tenant: string): number {
    return this.tenants.get(tenant) ?? 0;
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
    if (!holder) this.count(socket, 1);
    return holder;
  }

  /** Only removes this very socket: the late end of an older one leaves the newer in place. */
  remove(socket: S): boolean {
    const key = keyOf(socket.station.tenant, socket.station.stationId);
    if (this.byStation.get(key) !== socket) return false;
    this.byStation.delete(key);
    this.count(socket, -1);
    return true;
  }

  /** Entries exist only while there are some. */
  private count({ station: { tenant } }: S, change: number): void {
    const now = this.ofTenant(tenant) + change;
    if (now > 0) this.tenants.set(tenant, now);
    else this.tenants.delete(tenant);
  }
}

function keyOf(tenant: string, stationId: string): string {
  return `${tenant}/${stationId}`;
}
