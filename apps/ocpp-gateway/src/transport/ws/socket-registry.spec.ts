import { tenantId } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import type { Station } from '../../domain/station.js';
import { SocketRegistry } from './socket-registry.js';

const socket = (generation: number, stationId = 's1', tenant = 'demo') => ({
  station: { tenant: tenantId(tenant), stationId, connectionId: `c${generation}`, generation } as Station,
});

describe('SocketRegistry', () => {
  it('lets the newer socket win and names the older one', () => {
    const registry = new SocketRegistry();
    const [older, newer] = [socket(1), socket(2)];
    expect(registry.add(older)).toBeUndefined();
    expect(registry.add(newer)).toBe(older);
    expect(registry.find('demo', 's1')).toBe(newer);
    expect(registry.size).toBe(1);
  });

  it('names the latecomer as the loser when its generation is older', () => {
    const registry = new SocketRegistry();
    const [older, newer] = [socket(1), socket(2)];
    registry.add(newer);
    expect(registry.add(older)).toBe(older);
    expect(registry.find('demo', 's1')).toBe(newer);
  });

  it('is not emptied by the late end of an older socket', () => {
    const registry = new SocketRegistry();
    const [older, newer] = [socket(1), socket(2)];
    registry.add(older);
    registry.add(newer);
    expect(registry.remove(older)).toBe(false);
    expect(registry.find('demo', 's1')).toBe(newer);
    expect(registry.remove(newer)).toBe(true);
    expect(registry.size).toBe(0);
  });

  it('keeps the same station id of two tenants apart', () => {
    const registry = new SocketRegistry();
    const [mine, theirs] = [socket(1), socket(1, 's1', 'other')];
    registry.add(mine);
    expect(registry.add(theirs)).toBeUndefined();
    expect(registry.find('other', 's1')).toBe(theirs);
  });

  it('counts the sockets of each tenant, a replaced one once', () => {
    const registry = new SocketRegistry();
    const [older, newer, other] = [socket(1), socket(2), socket(1, 's2', 'other')];
    for (const each of [older, newer, other]) registry.add(each);
    expect([registry.ofTenant('demo'), registry.ofTenant('other'), registry.ofTenant('nobody')]).toEqual([
      1, 1, 0,
    ]);
    registry.remove(older);
    registry.remove(newer);
    expect(registry.ofTenant('demo')).toBe(0);
  });
});
