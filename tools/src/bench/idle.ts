import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { spent, total, usageOf } from './cpu.js';
import type { HeapInspector } from './heap-inspector.js';
import type { BenchCharger, Target } from './load.js';
import { memoryKbOf } from './memory.js';

/** KB for each connection that is open and says nothing. */
export interface IdleMemory {
  readonly connections: number;
  /** By process; the smaller of them are noise of processes that hold nothing for a connection. */
  readonly kb: ReadonlyMap<string, number>;
  /** Of all that grew: what others gave back meanwhile is nothing that a connection saves. */
  readonly kbAll: number;
  /** What the inspected processes hold in JavaScript objects and buffers for it, by process. */
  readonly liveKb: ReadonlyMap<string, number>;
}

const SETTLE_MS = 3_000;

/** Connections that are open and say nothing, from a process of its own: what its sockets cost is not the system's. */
export class IdleFleet {
  private opened = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    private readonly target: Target,
    private readonly inspectors: ReadonlyMap<string, HeapInspector>,
  ) {}

  static start(root: string, target: Target, inspectors: ReadonlyMap<string, HeapInspector>): IdleFleet {
    const child = spawn(process.execPath, [join(root, 'tools/dist/bench/idle-fleet.js'), target.url], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new IdleFleet(child, lines, target, inspectors);
  }

  /**
   * Opens a connection for each of the chargers and says what one holds: from the first fifth of them to all, with the garbage of
   * all inspected processes collected before each look, so that neither what the first ones warm up nor what handshakes leave
   * behind is counted. (Without both, one and the same gateway shows anything from 15 to 120 KB.)
   */
  async open(chargers: readonly BenchCharger[]): Promise<IdleMemory> {
    const first = Math.ceil(chargers.length / 5);
    await this.add(chargers.slice(0, first));
    const before = await this.look();
    await this.add(chargers.slice(first));
    const after = await this.look();
    const connections = chargers.length - first;
    const kb = difference(before.kb, after.kb, connections);
    const liveKb = difference(before.liveKb, after.liveKb, connections);
    return { connections, kb, kbAll: total([...kb.values()].map((own) => Math.max(0, own))), liveKb };
  }

  /** CPU-ms a second that all processes spend while nothing is asked of them but the connections that are open. */
  async cpuMsPerSecond(seconds: number): Promise<number> {
    const before = usageOf(this.target.pids());
    await delay(seconds * 1000);
    return total(spent(before, usageOf(this.target.pids())).values()) / seconds;
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    await gone;
  }

  private async add(chargers: readonly BenchCharger[]): Promise<void> {
    this.child.stdin?.write(`${JSON.stringify(chargers.map(({ identity }) => identity))}\n`);
    const { value } = (await this.lines.next()) as { value: string | undefined };
    this.opened += chargers.length;
    if (Number(value) !== this.opened) throw new Error('the idle connections could not be opened');
  }

  private async look() {
    await this.target.quiet();
    await delay(SETTLE_MS);
    const liveKb = new Map<string, number>();
    for (const [name, inspector] of this.inspectors) {
      const { heapUsed, external } = await inspector.collected();
      liveKb.set(name, (heapUsed + external) / 1024);
    }
    return { kb: memoryKbOf(this.target.pids()), liveKb };
  }
}

function difference(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  connections: number,
): Map<string, number> {
  return new Map([...after].map(([name, kb]) => [name, (kb - (before.get(name) ?? 0)) / connections]));
}
