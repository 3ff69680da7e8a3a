import { createServer } from 'node:net';
import { freePort } from '@kilowatch/testing';
import type { SystemPorts } from './system-options.js';

/** The wanted ports, with free ones in place of 0. @throws a sentence that says what to do when one is taken */
export async function claimPorts(wanted: SystemPorts): Promise<SystemPorts> {
  return {
    public: await claim(wanted.public, 'portal and GraphQL', 'port'),
    ocpp: await claim(wanted.ocpp, 'OCPP', 'ocpp-port'),
    ocpi: await claim(wanted.ocpi, 'OCPI', 'ocpi-port'),
  };
}

async function claim(port: number, what: string, option: string): Promise<number> {
  if (port === 0) return freePort();
  if (await isFree(port)) return port;
  throw new Error(
    `port ${port} (${what}) is taken: stop what uses it, or choose another with --${option} PORT`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
