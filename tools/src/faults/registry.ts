import { CLOCK_SKEW } from './cases/clock-skew.js';
import { CRASHES } from './cases/crash-points.js';
import { DISORDER } from './cases/disorder.js';
import { DUPLICATES } from './cases/duplicates.js';
import { FRAME_BOMBS } from './cases/frame-bombs.js';
import { HALF_OPEN } from './cases/half-open.js';
import { KILLS } from './cases/kill.js';
import { MALFORMED_FRAMES } from './cases/malformed.js';
import { METER_ANOMALIES } from './cases/meter-anomalies.js';
import { NATS_AWAY, NATS_LOST } from './cases/nats.js';
import { PAYMENT_PROVIDER } from './cases/payment-provider.js';
import { POISON } from './cases/poison.js';
import { POSTGRES } from './cases/postgres.js';
import { RELAY_PAUSED } from './cases/relay-paused.js';
import { ROLL_OUT } from './cases/roll-out.js';
import { SERVICE_CLOCKS } from './cases/service-clock.js';
import { SLOW_PEERS } from './cases/slow-peers.js';
import { STORM } from './cases/storm.js';
import { TWO_RELAYS } from './cases/two-relays.js';
import type { Fault } from './fault.js';

/** Every fault that can be played, in the order of their numbers. A new one is a file in `cases/` and a line here. */
export const FAULTS: readonly Fault[] = [
  ...KILLS,
  ...CRASHES,
  ...POSTGRES,
  ...NATS_AWAY,
  NATS_LOST,
  DUPLICATES,
  ...DISORDER,
  STORM,
  ROLL_OUT,
  MALFORMED_FRAMES,
  FRAME_BOMBS,
  SLOW_PEERS,
  HALF_OPEN,
  CLOCK_SKEW,
  ...SERVICE_CLOCKS,
  POISON,
  RELAY_PAUSED,
  TWO_RELAYS,
  PAYMENT_PROVIDER,
  METER_ANOMALIES,
];

/** The faults that a word of the command line means: a name, a number, `smoke` (each process killed once) or `all`. Empty: none is called that. */
export function faultsCalled(word: string, faults: readonly Fault[] = FAULTS): readonly Fault[] {
  if (word === 'all') return faults;
  if (word === 'smoke') return KILLS;
  return faults.filter(({ name, number }) => name === word || String(number) === word);
}
