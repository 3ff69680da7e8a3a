import { parseArgs } from 'node:util';

/** What can be measured, in the order it is. */
export const PARTS = ['closed', 'history', 'open-loop', 'join', 'idle'] as const;
export type Part = (typeof PARTS)[number];

/** What the growth is counted from: next to nothing. */
export const FEW_READINGS = 1_000;

export interface BenchOptions {
  readonly what: 'ocpp' | 'auth' | 'metering' | 'billing';
  readonly parts: ReadonlySet<Part>;
  /** Length of each load. */
  readonly seconds: number;
  /** Stored readings of the last load. */
  readonly history: number;
  readonly messagesPerSecond: number;
  /** Chargers that join at once, and as many that work meanwhile. */
  readonly joining: number;
  readonly idleConnections: number;
  readonly cpuMsPerMessage: number;
  /** All services in one process. */
  readonly together: boolean;
  /** Of the month that is billed. */
  readonly sessions: number;
  readonly data: string | undefined;
}

export const BENCH_HELP = `Usage: npm run bench -- ocpp|auth|metering|billing [OPTION...]
auth: decisions about cards and about contracts (chain shown, OCSP answer held), and stations that come back with passwords, over gRPC,
50 at once; of the options --seconds counts.
metering: readings over gRPC, rows per CPU-second of metering and Postgres until their commit; then a curve of 720 readings with a million
rows stored and with --history of them (default 5000000); of the options --seconds and --history count. Only metering, auth and the API
run. billing: a month of sessions, readings to invoices, each cent against a calculation of its own; CPU of price and CDR
alone, with invoice and ledger, and of a PDF; of the options --sessions (default 10000) and --data count, a file start_local,end_local,charge_min,idle_min,energy_kwh of real sessions (else
made up). Only metering, billing, auth and the API run. ocpp:
Measures a system of its own and prints PASS or FAIL for each target, beside the floors (raw servers for the same frames, in the same
minutes on the same machine) and what others were measured at elsewhere. A charger boots, tells its status, authorizes, starts, sends
13 meter messages (72 % of all) of 9 values, stops; it has one call outstanding. CPU is that of every process, until all events are dealt with.
Stations are not set up after their first boot: that is done once per firmware and is no cost of a message. A load of
90 s comes first and is not measured, until V8 has compiled most of what runs.
  --part LIST         of ${PARTS.join(',')}; default all
    closed              50 and 500 chargers, each sends when its last call is answered: CPU per message
    history             the same with many readings stored: CPU per message may not grow
    open-loop           500 chargers send by a schedule that waits for nobody: how long an answer takes from the moment it was due
    join                500 chargers connect and boot at once while 500 work
    idle                memory of an open connection in all processes; CPU per message with all of them open
  --seconds N         length of each load (default 15)
  --history N         stored readings of the last load (default 1000000)
  --rate N            messages a second of open-loop and join (default 500)
  --joining N         chargers that join, and chargers that work meanwhile (default 500)
  --connections N     idle connections (default 5000)
  --target-cpu-ms X   a message may cost that much CPU (default 0.5)
  --together          all services in one process, as on a small machine (apps/together), instead of one each
  --quick             short: without history, loads of 5 s, 100 that join, 500 idle connections
Ends with 1 when a target was missed. This is a measurement for a quiet machine, not a test: it takes minutes and no test run does it.
The column "others" is what processes that have nothing to do with it took of the machine.`;

/** Options of the command line; undefined: the help is wanted. @throws with a sentence on a bad value */
export function benchOptions(args: readonly string[]): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      part: { type: 'string' },
      seconds: { type: 'string' },
      history: { type: 'string' },
      rate: { type: 'string', default: '500' },
      joining: { type: 'string' },
      connections: { type: 'string' },
      sessions: { type: 'string', default: '10000' },
      data: { type: 'string' },
      'target-cpu-ms': { type: 'string', default: '0.5' },
      together: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const [what = ''] = positionals;
  if (
    positionals.length !== 1 ||
    (what !== 'ocpp' && what !== 'auth' && what !== 'metering' && what !== 'billing')
  )
    throw new Error(`what shall be measured? ocpp, auth, metering or billing\n${BENCH_HELP}`);
  if (values.together && what !== 'ocpp')
    throw new Error(`--together is for ocpp: ${what} is measured by the service`);
  const { quick } = values;
  const standard: readonly Part[] = quick ? PARTS.filter((part) => part !== 'history') : PARTS;
  return {
    what,
    parts: new Set(values.part === undefined ? standard : values.part.split(',').map(partOf)),
    seconds: positive(values.seconds ?? (quick ? '5' : '15'), '--seconds'),
    history: whole(values.history ?? (what === 'metering' ? '5000000' : '1000000'), '--history'),
    messagesPerSecond: positive(values.rate, '--rate'),
    joining: whole(values.joining ?? (quick ? '100' : '500'), '--joining'),
    idleConnections: whole(values.connections ?? (quick ? '500' : '5000'), '--connections'),
    sessions: whole(values.sessions, '--sessions'),
    data: values.data,
    cpuMsPerMessage: positive(values['target-cpu-ms'], '--target-cpu-ms'),
    together: values.together,
  };
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (!part) throw new Error(`--part knows ${PARTS.join(', ')}, not ${name}`);
  return part;
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} wants a number above 0, not ${text}`);
  return value;
}

function whole(text: string, option: string): number {
  const value = positive(text, option);
  if (!Number.isInteger(value)) throw new Error(`${option} wants a whole number, not ${text}`);
  return value;
}
