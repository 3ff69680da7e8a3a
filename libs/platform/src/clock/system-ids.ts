import { randomBytes, randomInt } from 'node:crypto';
import { uuidv7, type Clock, type IdSource } from '@kilowatch/kernel';
import { systemClock } from './system-clock.js';

const POOL = 4096;
const PER_ID = 10;
const MAX_INT_31 = 2 ** 31 - 1;
/** Values of the 12 bits behind the time, which count the ids of a millisecond. */
const COUNTS = 4096;
/** A clock set back by no more than this does not set the order back. */
const MAX_AHEAD_MS = 1000;

/**
 * Ids from the system's random source, read in pools because a call per id costs more than the id.
 * Ids of one source are in the order they were made (RFC 9562, 6.2, method 1: the 12 bits behind the time count on from a
 * random start below the half); where more than the rest are made in a millisecond, they run ahead of the clock.
 */
export function systemIds(clock: Clock = systemClock): IdSource {
  let pool = randomBytes(POOL);
  let used = 0;
  let last = 0;
  let count = 0;
  return {
    newId() {
      if (used + PER_ID > POOL) {
        pool = randomBytes(POOL);
        used = 0;
      }
      const random = pool.subarray(used, (used += PER_ID));
      const now = clock.now().getTime();
      if (now > last || now < last - MAX_AHEAD_MS) {
        last = now;
        count = ((random[0]! & 0x07) << 8) | random[1]!;
      } else if ((count += 1) === COUNTS) {
        last += 1;
        count = 0;
      }
      random[0] = count >>> 8;
      random[1] = count & 0xff;
      return uuidv7(new Date(last), random);
    },
    /** 1 .. 2^31 - 1: an OCPP 1.6 transaction id must be a positive 32-bit integer. */
    randomInt31: () => randomInt(1, MAX_INT_31),
    token: (bytes) => randomBytes(bytes).toString('base64url'),
  };
}
