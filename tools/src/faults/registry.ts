import { KILLS } from './cases/kill.js';
import { CRASHES } from './cases/crash-points.js';
import { NATS_AWAY, NATS_LOST } from './cases/nats.js';
import { POSTGRES } from './cases/postgres.js';
import type { Fault } from './fault.js';

/** Every fault that can be played, in the order of their numbers. A new one is a file in `cases/` and a line here. */
export const FAULTS: readonly Fault[] = [...KILLS, ...CRASHES, ...POSTGRES, ...NATS_AWAY, NATS_LOST];

/** The faults that a word of the command line means: a name, a number, or `all`. Empty: none is called that. */
export function faultsCalled(word: string, faults: readonly Fault[] = FAULTS): readonly Fault[] {
  if (word === 'all') return faults;
  return faults.filter(({ name, number }) => name === word || String(number) === word);
}
