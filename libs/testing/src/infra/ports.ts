import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

// Below what systems give to outgoing connections (Linux from 32768, others from 49152): those would take a free one at any moment.
const FIRST = 10_240;
const LAST = 32_767;
const ATTEMPTS = 100;
/** Of two dozen services that are told their ports before the first one binds, two would get the same one in every fiftieth start. */
const REMEMBERED = 1_000;
const handedOut = new Set<number>();

/**
 * A TCP port on loopback that was free a moment ago, and that this process was not given lately. Who binds it must be ready to ask for
 * another: another process may have been quicker.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (handedOut.has(port)) continue;
    // Before the look, not after it: others ask meanwhile.
    handedOut.add(port);
    if (handedOut.size > REMEMBERED) handedOut.delete(handedOut.values().next().value!);
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port found on loopback between ${FIRST} and ${LAST}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** True when something on loopback accepts a connection on this port. */
export function portAccepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}
