import { readdirSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { groupBy } from '@kilowatch/kernel';

/** CPU time of processes and their children, from /proc (Linux only). */
export interface Usage {
  readonly cpuMs: number;
}

export interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ownTicks: number;
  readonly endedChildrenTicks: number;
}

const TICK_MS = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Usage of each named process with all its descendants (Postgres has one process per connection). */
export function usageOf(roots: ReadonlyMap<string, number>): Map<string, Usage> {
  const usages = new Map<string, Usage>();
  for (const [name, family] of familiesOf(roots)) {
    const ticks = family.map((stat) => stat.ownTicks + stat.endedChildrenTicks);
    usages.set(name, { cpuMs: total(ticks) * TICK_MS });
  }
  return usages;
}

/** Each named process with all its descendants. @throws when one of the named is gone */
export function familiesOf(roots: ReadonlyMap<string, number>): Map<string, Stat[]> {
  const stats = allStats();
  const children = groupBy(stats.values(), (stat) => stat.parent);
  const families = new Map<string, Stat[]>();
  for (const [name, pid] of roots) {
    const root = stats.get(pid);
    if (!root) throw new Error(`${name} (pid ${pid}) is gone`);
    const family = [root];
    for (const stat of family) family.push(...(children.get(stat.pid) ?? []));
    families.set(name, family);
  }
  return families;
}

/** CPU-ms of each connection of a Postgres, by process, with the service that it belongs to. */
export type Connections = ReadonlyMap<number, { readonly service: string; readonly cpuMs: number }>;

/** Vacuum and checkpoints belong to no service: they are in `usageOf` only. */
export function connectionsOf(postmaster: number): Connections {
  const connections = new Map<number, { service: string; cpuMs: number }>();
  for (const { pid, ownTicks } of familiesOf(new Map([['postgres', postmaster]])).get('postgres') ?? []) {
    const service = serviceOf(titleOf(pid));
    if (service !== undefined) connections.set(pid, { service, cpuMs: ownTicks * TICK_MS });
  }
  return connections;
}

/** CPU-ms spent between two readings, per service. What ended between them is left out: nobody knows how much of it was before. */
export function spentByService(before: Connections, after: Connections): Map<string, number> {
  const spentMs = new Map<string, number>();
  for (const [pid, { service, cpuMs }] of after) {
    const own = cpuMs - (before.get(pid)?.cpuMs ?? 0);
    spentMs.set(service, (spentMs.get(service) ?? 0) + own);
  }
  return spentMs;
}

/** A connection's process is titled with its role: `postgres: kw_load_management postgres 127.0.0.1(33718) idle`. */
export function serviceOf(title: string): string | undefined {
  return /^postgres: kw_(\w+) /.exec(title)?.[1]?.replaceAll('_', '-');
}

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended between the listing and the reading.
    return '';
  }
}

/** CPU-ms that the whole machine has spent since it started. */
export function machineCpuMs(): number {
  return parseMachine(readFileSync('/proc/stat', 'utf8')) * TICK_MS;
}

/** proc(5): user, nice, system; then idle and waiting, which are no work; then interrupts and what another guest took. */
export function parseMachine(text: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (text.split('\n')[0] ?? '')
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

/** CPU-ms spent between two readings, per name. */
export function spent(
  before: ReadonlyMap<string, Usage>,
  after: ReadonlyMap<string, Usage>,
): Map<string, number> {
  return new Map([...after].map(([name, usage]) => [name, usage.cpuMs - (before.get(name)?.cpuMs ?? 0)]));
}

export function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function allStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'));
      stats.set(stat.pid, stat);
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return stats;
}

/** proc(5): the command may hold blanks and parentheses, so fields are counted after the last one. */
export function parseStat(text: string): Stat {
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number(text.slice(0, text.indexOf(' '))),
    parent: field(4),
    ownTicks: field(14) + field(15),
    endedChildrenTicks: field(16) + field(17),
  };
}
