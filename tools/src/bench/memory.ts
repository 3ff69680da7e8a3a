import { readFileSync } from 'node:fs';
import { familiesOf, total } from './cpu.js';

/**
 * Memory of each named process with its descendants in KB, from /proc (Linux only). Proportional: a page that several processes
 * share (Postgres' buffers) counts once in all, not once for each.
 *
 * @throws when one of the named processes is gone or belongs to somebody else
 */
export function memoryKbOf(roots: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(
    [...familiesOf(roots)].map(([name, family]) => [
      name,
      total(family.map(({ pid }) => proportionalKb(pid))),
    ]),
  );
}

function proportionalKb(pid: number): number {
  try {
    return parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch (error) {
    // A helper that ended between the listing and the reading holds nothing any more.
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ESRCH'
    )
      return 0;
    throw error;
  }
}

/** proc_pid_smaps(5): the line `Pss:` in KB. */
export function parseRollup(text: string): number {
  const [, kb] = /^Pss:\s+(\d+) kB$/m.exec(text) ?? [];
  if (kb === undefined) throw new Error('smaps_rollup names no Pss');
  return Number(kb);
}
