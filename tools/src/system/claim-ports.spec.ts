import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { freePort } from '@kilowatch/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPorts } from './claim-ports.js';
import { ANY_PORTS } from './system-options.js';

let other: Server;
let taken: number;
beforeEach(async () => {
  other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  taken = (other.address() as AddressInfo).port;
});
afterEach(() => void other.close());

describe('the ports of a system', () => {
  it('are those asked for while nobody has them', async () => {
    const port = await freePort();
    expect(await claimPorts({ ...ANY_PORTS, ocpp: port })).toMatchObject({ ocpp: port });
  });

  it('are free ones where none is asked for', async () => {
    const ports = Object.values(await claimPorts(ANY_PORTS));
    expect(ports).toHaveLength(3);
    expect(ports.every((port) => port > 0 && port !== taken)).toBe(true);
  });

  it.each([
    ['public', 'portal and GraphQL', '--port'],
    ['ocpp', 'OCPP', '--ocpp-port'],
    ['ocpi', 'OCPI', '--ocpi-port'],
  ] as const)('that are taken are named with what to do (%s)', async (name, what, option) => {
    await expect(claimPorts({ ...ANY_PORTS, [name]: taken })).rejects.toThrow(
      `port ${taken} (${what}) is taken: stop what uses it, or choose another with ${option} PORT`,
    );
  });
});
