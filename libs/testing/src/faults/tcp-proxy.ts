import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Open connections. */
  connections(): number;
  /** Each chunk waits this long, in both directions, in order. */
  latency(ms: number): void;
  /** True: bytes are swallowed in both directions, connections stay open (half-open TCP). */
  blackHole(on: boolean): void;
  /** Bytes swallowed so far. */
  swallowed(): number;
  /** Resets every open connection. */
  cut(): void;
  /**
   * Resets every open connection on the side of whoever connected, and on that side only: the target keeps a connection on which
   * nothing comes any more, as after a router has forgotten it. New connections are relayed. Returns how many were stranded.
   */
  strand(): number;
  /** True: new connections are reset at once. */
  refuse(on: boolean): void;
  close(): Promise<void>;
}

/** A TCP relay on loopback that can be slow, deaf or broken. */
export async function startTcpProxy(target: { port: number; host?: string }): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const stranded = new Set<Socket>();
  const state = { latencyMs: 0, blackHole: false, refuse: false, swallowed: 0 };

  const server = createServer({ allowHalfOpen: false }, (inbound) => {
    inbound.on('error', () => undefined);
    if (state.refuse) {
      inbound.resetAndDestroy();
      return;
    }
    const outbound = connect({ port: target.port, host: target.host ?? '127.0.0.1' });
    const pair: [Socket, Socket] = [inbound, outbound];
    pairs.add(pair);
    for (const [from, to] of [pair, [outbound, inbound] as const]) {
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('data', (chunk) => relay(chunk, from, to, state));
      from.on('close', () => {
        pairs.delete(pair);
        stranded.delete(from);
        if (stranded.has(to)) return;
        after(state.latencyMs, () => to.destroy());
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = () => {
    pairs.forEach((pair) => pair.forEach((socket) => socket.resetAndDestroy()));
    stranded.forEach((socket) => socket.resetAndDestroy());
  };
  return {
    port: (server.address() as { port: number }).port,
    connections: () => pairs.size,
    latency: (ms) => (state.latencyMs = ms),
    blackHole: (on) => (state.blackHole = on),
    swallowed: () => state.swallowed,
    refuse: (on) => (state.refuse = on),
    cut,
    strand: () => {
      const open = [...pairs];
      for (const [inbound, outbound] of open) {
        stranded.add(outbound);
        inbound.resetAndDestroy();
      }
      return open.length;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

interface RelayState {
  latencyMs: number;
  blackHole: boolean;
  swallowed: number;
}

function relay(chunk: Buffer, from: Socket, to: Socket, state: RelayState): void {
  if (state.blackHole) {
    state.swallowed += chunk.length;
    return;
  }
  after(state.latencyMs, () => {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}

function after(ms: number, work: () => void): void {
  if (ms === 0) work();
  else setTimeout(work, ms);
}
