import { connect, createServer, type Socket } from 'node:net';

export interface TcpBalancer {
  readonly port: number;
  /** New connections go here too. */
  include(target: number): void;
  /** New connections go elsewhere; open ones stay. */
  exclude(target: number): void;
  /** Open connections by target. */
  connections(target: number): number;
  close(): Promise<void>;
}

/**
 * A service address on loopback in front of several processes: each new connection goes to the next of them, as those of a
 * Kubernetes Service do. Without any it refuses.
 */
export async function startTcpBalancer(port = 0): Promise<TcpBalancer> {
  const targets: number[] = [];
  const open = new Map<number, Set<Socket>>();
  let turn = 0;
  const server = createServer((inbound) => {
    inbound.on('error', () => undefined);
    const target = targets[turn++ % Math.max(1, targets.length)];
    if (target === undefined) {
      inbound.resetAndDestroy();
      return;
    }
    const outbound = connect({ port: target, host: '127.0.0.1' });
    const held = open.get(target) ?? new Set();
    open.set(target, held.add(inbound));
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('close', () => {
        held.delete(inbound);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    include: (target) => void targets.push(target),
    exclude: (target) => {
      const at = targets.indexOf(target);
      if (at >= 0) targets.splice(at, 1);
    },
    connections: (target) => open.get(target)?.size ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const sockets of open.values()) sockets.forEach((socket) => socket.destroy());
      }),
  };
}
