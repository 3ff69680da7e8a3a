import { Inject, Injectable } from '@nestjs/common';
import { Database, LOGGER, SYSTEM_SCOPE, type Logger } from '@kilowatch/platform';
import { countFailures, forgetFailuresOf } from '../persistence/failed-attempt.repository.js';
import { KeyedHash } from './keyed-hash.js';

/** Who guesses: a name in its namespace (`sign-in name`). */
export interface Guesser {
  readonly kind: string;
  readonly name: string;
}

/**
 * What pods know of each other's guessers (docs/adr/0016): each failure is one write that also says what the others counted, and a
 * success costs nothing. So a guesser gets one guess more on each further pod, and not the whole limit once again.
 */
@Injectable()
export class SharedFailures {
  constructor(
    private readonly database: Database,
    private readonly hash: KeyedHash,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Notes a failure of each, and gives the failures of all pods since then, this one too, as `[at, times]`. Empty when the database is
   * away: then each pod counts for itself. Never throws.
   */
  async tell(
    guessers: readonly Guesser[],
    at: Date,
    windowMs: number,
  ): Promise<readonly (readonly (readonly [at: Date, times: number])[])[]> {
    const keys = guessers.map((guesser) => this.keyOf(guesser));
    try {
      const since = new Date(at.getTime() - windowMs);
      const counted = await this.database.transaction(SYSTEM_SCOPE, (tx) =>
        countFailures(tx, ALL_TENANTS, keys, at, since),
      );
      return keys.map((key) =>
        counted
          .filter((one) => one.key === key.toString('base64'))
          .map(({ lastAt, failures }) => [lastAt, failures] as const),
      );
    } catch (err) {
      this.log.warn({ err }, 'a failed attempt was not told to other pods');
      return keys.map(() => []);
    }
  }

  /** They were right after all. Never throws: what stays is forgotten with its window. */
  async forget(guesser: Guesser): Promise<void> {
    try {
      await this.database.transaction(SYSTEM_SCOPE, (tx) =>
        forgetFailuresOf(tx, ALL_TENANTS, this.keyOf(guesser)),
      );
    } catch (err) {
      this.log.warn({ err }, 'failed attempts were not forgotten');
    }
  }

  /** Names are addresses of people and stations: only their hash is kept. */
  private keyOf({ kind, name }: Guesser): Buffer {
    return this.hash.of('failed attempt', kind, name);
  }
}

/** The names hold the tenant where there is one; addresses are counted whatever tenant they name. */
const ALL_TENANTS = '';
