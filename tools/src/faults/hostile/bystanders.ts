import type { Frame } from '@kilowatch/testing';
import { memoryKbOf } from '../../bench/memory.js';
import { query } from '../deep-books.js';
import type { FleetSettings, Member, Stage } from '../stage.js';

const LOOK_MS = 250;
/** What the gateway may grow by while it is attacked: its heap is limited, and buffers lie outside. */
const MOST_GROWTH_MB = 256;

/**
 * Honest chargers beside an attack, and the gateway that serves both: how long they waited for answers, whether one lost its
 * connection, what memory it took (docs/promises.md P7).
 */
export class Bystanders {
  private readonly asked = new Map<string, number>();
  private readonly pid: number;
  private readonly beforeKb: number;
  private mostKb: number;
  private generations = new Map<string, string>();
  private fleet: readonly Member[] = [];
  private timer: NodeJS.Timeout | undefined;
  private longestMs = 0;

  constructor(private readonly stage: Stage) {
    this.pid = this.gatewayPid() ?? 0;
    this.beforeKb = this.memoryKb();
    this.mostKb = this.beforeKb;
  }

  /** For `stage.fleet`. */
  readonly settings: FleetSettings = {
    onFrame: ({ charger }, direction, frame) => this.note(charger.identity, direction, frame),
  };

  /** From now on each of them keeps its connection, and the longest answer counts. */
  async watch(fleet: readonly Member[]): Promise<void> {
    this.fleet = fleet;
    this.generations = await this.connections();
    this.longestMs = 0;
    this.timer = setInterval(() => {
      this.mostKb = Math.max(this.mostKb, this.memoryKb());
    }, LOOK_MS);
  }

  /** The attack is over: says what was measured, and judges P7. */
  async judge(longestAllowedMs: number): Promise<void> {
    clearInterval(this.timer);
    const now = await this.connections();
    const lost = [...this.generations].filter(([identity, generation]) => now.get(identity) !== generation);
    const growthMb = (this.mostKb - this.beforeKb) / 1024;
    this.stage.say(
      `honest chargers: longest answer ${this.longestMs.toFixed(0)} ms; gateway at most ${(this.mostKb / 1024).toFixed(0)} MB, ${growthMb.toFixed(0)} more than before`,
    );
    this.stage.judge('P7', [
      ...(this.gatewayPid() === this.pid ? [] : ['the gateway ended']),
      ...(growthMb <= MOST_GROWTH_MB ? [] : [`the gateway grew by ${growthMb.toFixed(0)} MB`]),
      ...(this.longestMs <= longestAllowedMs
        ? []
        : [`an honest charger waited ${this.longestMs.toFixed(0)} ms for an answer`]),
      ...lost.map(([identity]) => `${identity} lost its connection`),
    ]);
  }

  private note(identity: string, direction: 'sent' | 'received', [type, id]: Frame): void {
    const key = `${identity} ${id}`;
    if (direction === 'sent' && type === 2) this.asked.set(key, performance.now());
    if (direction === 'sent' || (type !== 3 && type !== 4)) return;
    const since = this.asked.get(key);
    if (since === undefined) return;
    this.asked.delete(key);
    this.longestMs = Math.max(this.longestMs, performance.now() - since);
  }

  private async connections(): Promise<Map<string, string>> {
    const rows = await query<{ identity: string; connection: string }>(
      this.stage.system.addresses.databaseUrl,
      `select s.identity, c.generation || ' ' || coalesce(c.disconnected_at::text, 'open') as connection
         from ocpp_gateway.station_connection c join sessions.station s on s.tenant = c.tenant and s.id = c.station_id
        where s.identity = any($1)`,
      [this.fleet.map(({ charger }) => charger.identity)],
    );
    return new Map(rows.map(({ identity, connection }) => [identity, connection]));
  }

  private gatewayPid(): number | undefined {
    return this.stage.system.pids().get('ocpp-gateway');
  }

  private memoryKb(): number {
    const pid = this.gatewayPid();
    return pid === undefined ? 0 : (memoryKbOf(new Map([['gateway', pid]])).get('gateway') ?? 0);
  }
}
