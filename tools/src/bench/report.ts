import { IDLE_KB } from './verdict.js';
import type { IdleMemory } from './idle.js';
import type { LoadResult } from './load.js';

type Row = Pick<LoadResult, 'messagesPerSecond' | 'p50Ms' | 'p99Ms' | 'cpuMsPerMessageAll'> &
  Partial<Pick<LoadResult, 'maxMs' | 'othersShare' | 'sentAgain'>>;

/**
 * The leading open CSMS in TypeScript, measured elsewhere: 2 CPUs, closed loop, 50 chargers, 72 % meter messages, OCPP 2.0.1,
 * answers after its commit. It says what the field is like; it was not measured on this machine.
 */
const CITRINEOS: Row = { messagesPerSecond: 115, p50Ms: 426, p99Ms: 1_147, cpuMsPerMessageAll: 12.4 };
const ELSEWHERE = [
  'CitrineOS elsewhere: 57 CPU-ms a message with 5,000 idle connections, 97 with 1,000,000 readings stored;',
  '  an idle connection 6 KB, and 42 to 75 KB in its broker',
];

const NAME_WIDTH = 48;

export function tableHead(): string {
  return [
    'server'.padEnd(NAME_WIDTH),
    'msgs/s'.padStart(8),
    'p50 / p99 / max ms'.padStart(25),
    'CPU-ms/msg'.padStart(10),
    'others'.padStart(6),
  ].join('  ');
}

export function tableRow(name: string, result: Row): string {
  const number = (value: number | undefined, digits: number, width: number) =>
    (value === undefined ? '-' : value.toFixed(digits)).padStart(width);
  return (
    [
      name.padEnd(NAME_WIDTH),
      number(result.messagesPerSecond, 0, 8),
      [number(result.p50Ms, 1, 7), number(result.p99Ms, 1, 6), number(result.maxMs, 0, 6)].join(' / '),
      number(result.cpuMsPerMessageAll, 3, 10),
      result.othersShare === undefined
        ? number(undefined, 0, 6)
        : `${number(result.othersShare * 100, 0, 4)} %`,
    ].join('  ') + (result.sentAgain ? `  ${result.sentAgain} calls sent again` : '')
  );
}

/** Figures of others, which no run of ours can repeat. */
export function elsewhere(): string[] {
  return [tableRow('CitrineOS 1.8.3, 50 chargers, measured elsewhere', CITRINEOS), ...ELSEWHERE];
}

/** CPU by process, of loads side by side. */
export function cpuByProcess(columns: readonly (readonly [name: string, result: LoadResult])[]): string[] {
  const width = Math.max('0.000'.length, ...columns.map(([name]) => name.length)) + 2;
  const lines = (figuresOf: (result: LoadResult) => ReadonlyMap<string, number>) => {
    const names = new Set(columns.flatMap(([, result]) => [...figuresOf(result).keys()]));
    return [...names].map(
      (name) =>
        `  ${name}`.padEnd(18) +
        columns.map(([, result]) => (figuresOf(result).get(name) ?? 0).toFixed(3).padStart(width)).join(''),
    );
  };
  const ofPostgres = lines(({ postgresByService }) => postgresByService);
  return [
    `CPU-ms per message${columns.map(([name]) => name.padStart(width)).join('')}`,
    ...lines(({ cpuMsPerMessage }) => cpuMsPerMessage),
    ...(ofPostgres.length > 0 ? ['of postgres, for', ...ofPostgres] : []),
  ];
}

/** What stands out of the noise, a line for each process. */
export function idleLines(name: string, { connections, kb, kbAll, liveKb }: IdleMemory): string[] {
  const shown = [...kb].filter(
    ([process, own]) => Math.abs(own) >= IDLE_KB / 20 || liveKb.get(process)! >= 1,
  );
  return [
    `${name}: ${kbAll.toFixed(1)} KB for each of ${connections.toLocaleString('en')} idle connections`,
    ...shown.map(([process, own]) => {
      const live = liveKb.get(process);
      const objects = live === undefined ? '' : `, of it ${live.toFixed(1)} KB in objects and buffers`;
      return `  ${process.padEnd(16)} ${own.toFixed(1).padStart(6)} KB${objects}`;
    }),
  ];
}
