import { randomBytes, randomInt } from 'node:crypto';
import { uuidv7, type Clock, type IdSource } from '@kilowatch/kernel';
import { systemClock } from './system-clock.js';

const POOL = 4096;
const PER_ID = 16;
const MAX_INT_31 = 2 ** 31 - 1;

/** Ids from the system's random source, read in pools because a call per id costs more than the id. */
export function systemIds(clock: Clock = systemClock): IdSource {
  let pool = randomBytes(POOL);
  let used = 0;
  return {
    newId() {
      if (used + PER_ID > POOL) {
        pool = randomBytes(POOL);
        used = 0;
      }
      used += PER_ID;
      return uuidv7(clock.now(), pool.subarray(used - PER_ID, used));
    },
    /** 1 .. 2^31 - 1: an OCPP 1.6 transaction id must be a positive 32-bit integer. */
    randomInt31: () => randomInt(1, MAX_INT_31),
    token: (bytes) => randomBytes(bytes).toString('base64url'),
  };
}
