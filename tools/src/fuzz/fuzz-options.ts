import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** What is fuzzed, and the tests that do it: pure functions from frame to answer, or a real gateway on real sockets. */
export const TARGETS = {
  frames: { project: 'unit', file: 'libs/ocpp/src/fuzz/whole-way.prop.spec.ts', runs: 100_000 },
  sockets: { project: 'integration', file: 'apps/ocpp-gateway/test/fuzz.itest.ts', runs: 2_000 },
} as const;
export type Target = keyof typeof TARGETS;

export const HELP = `Usage: npm run fuzz -- [frames|sockets ...] [--runs N] [--seed N]
Sends arbitrary and spoiled recorded frames down the way of a charger's message and judges every answer.
  frames    pure: parse, check, map, answer (default; ${TARGETS.frames.runs} runs)
  sockets   a real gateway on Postgres and NATS (${TARGETS.sockets.runs} runs)
  --runs    frames to send
  --seed    the same frames again; without it a new seed is taken and printed`;

export interface FuzzOptions {
  readonly help: boolean;
  readonly targets: readonly Target[];
  /** Undefined: as many as the target usually takes. */
  readonly runs: number | undefined;
  readonly seed: number;
}

/** @throws with a sentence on a bad value */
export function fuzzOptionsFrom(argv: readonly string[]): FuzzOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { runs: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  });
  const targets = positionals.length > 0 ? positionals : ['frames'];
  const strange = targets.find((target) => !Object.hasOwn(TARGETS, target));
  if (strange !== undefined) throw new Error(`there is nothing to fuzz called ${strange}`);
  return {
    help: values.help ?? false,
    targets: targets as Target[],
    runs: values.runs === undefined ? undefined : wholeNumber('--runs', values.runs, 1),
    seed: values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('--seed', values.seed, 0),
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number >= 2 ** 31)
    throw new Error(`${option} wants a whole number from ${least} on, not ${text}`);
  return number;
}
