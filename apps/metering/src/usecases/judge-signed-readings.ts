import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import { readMeterKey, type MeterKey } from '../domain/signed/meter-key.js';
import {
  judgeSigned,
  shownPages,
  type RegisteredKey,
  type SignedSession,
} from '../domain/signed/signed-session.js';
import { meterKeysOf, type StoredMeterKey } from '../persistence/meter-key.repository.js';
import type { TransactionKey } from '../persistence/reading.repository.js';
import { claimPages, shownByOthers, signedOfSession } from '../persistence/signed-reading.repository.js';

const UNSIGNED: SignedSession = judgeSigned([], []);

/** What the signed readings of a session are worth by the keys that are registered now. */
@Injectable()
export class JudgeSignedReadings {
  private readonly read = new LRUCache<string, MeterKey>({ max: 5_000 });

  /** `plainMwh`: energy by its plain registers, when it has any; `until`: when the next charge under its id begins. A record that another session of the station showed before is not this one's. */
  async run(
    tx: Tx,
    tenant: string,
    session: TransactionKey & { readonly sessionId: string },
    plainMwh: number | undefined,
    until?: Date,
  ): Promise<SignedSession> {
    const { samples: told, areSome } = await signedOfSession(tx, tenant, session);
    const samples = until ? told.filter(({ measuredAt }) => measuredAt < until) : told;
    if (samples.length === 0) return UNSIGNED;
    const stored = await meterKeysOf(tx, tenant, session.stationId);
    const keys = stored
      .filter(({ evseNumber }) => evseNumber === 0 || evseNumber === session.evseNumber)
      .map((key) => this.registered(key));
    const { startedAt, endedAt } = session;
    const context = { plainMwh, startedAt, endedAt, areSome };
    const alone = judgeSigned(samples, keys, context);
    const shownBefore = await shownByOthers(tx, tenant, session, shownPages(alone.records));
    return shownBefore.size === 0 ? alone : judgeSigned(samples, keys, { ...context, shownBefore });
  }

  /** What the session is billed by is its own from now on. */
  claim(
    tx: Tx,
    tenant: string,
    session: TransactionKey & { readonly sessionId: string },
    { records }: SignedSession,
  ): Promise<void> {
    return claimPages(tx, tenant, session, shownPages(records));
  }

  private registered({ fingerprint, spki, serial, validFrom, validUntil }: StoredMeterKey): RegisteredKey {
    let key = this.read.get(fingerprint);
    if (!key) {
      key = readMeterKey(Buffer.from(spki).toString('hex'));
      this.read.set(fingerprint, key);
    }
    return { key, serial, validFrom, validUntil };
  }
}
