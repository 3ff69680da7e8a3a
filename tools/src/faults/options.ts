import { parseArgs } from 'node:util';
import type { Fault } from './fault.js';
import { faultsCalled } from './registry.js';

export interface FaultOptions {
  readonly faults: readonly Fault[];
  readonly list: boolean;
  readonly seed: number;
  /** Undefined: each fault's own number. */
  readonly chargers: number | undefined;
  readonly quick: boolean;
}

export const FAULTS_HELP = `Usage: npm run faults -- NAME|NUMBER|smoke|all... [OPTION...]
Plays faults on a system of its own while virtual chargers charge, compares their own ledger with the books, waits for the system
to become quiet, and says of each promise (docs/promises.md) whether it held. Ends with 1 when one did not.
  smoke          kill -9 of each service, of Postgres and of NATS in turn
  --list         names, numbers and promises of the faults
  --chargers N   instead of each fault's own number
  --seed N       of a former run (default random)
  --quick        outages of some seconds instead of a minute`;

/** @throws a sentence on a word or value that means nothing; undefined: help was asked for */
export function faultOptions(argv: readonly string[], randomSeed: number): FaultOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      chargers: { type: 'string' },
      seed: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || (positionals.length === 0 && !values.list)) return undefined;
  const chosen = positionals.flatMap((word) => {
    const found = faultsCalled(word);
    if (found.length === 0)
      throw new Error(`there is no fault ${word}: npm run faults -- --list names them all`);
    return found;
  });
  return {
    faults: [...new Set(chosen)],
    list: values.list,
    quick: values.quick,
    seed: values.seed === undefined ? randomSeed : whole(values.seed, '--seed', 0),
    chargers: values.chargers === undefined ? undefined : whole(values.chargers, '--chargers', 2),
  };
}

function whole(text: string, option: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`${option} wants a whole number from ${least}, not ${text}`);
  return value;
}
