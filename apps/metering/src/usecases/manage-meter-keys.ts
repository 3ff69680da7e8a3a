import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, storableText, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import { curveNamed, METER_CURVES, readMeterKey } from '../domain/signed/meter-key.js';
import {
  endMeterKey,
  insertMeterKey,
  lockMeterKey,
  meterKeysOf,
  type StoredMeterKey,
} from '../persistence/meter-key.repository.js';

export type { StoredMeterKey };

export interface MeterKeyInput {
  readonly stationId: string;
  readonly evseNumber?: number | null;
  readonly serial?: string | null;
  readonly publicKey: string;
  readonly curve?: string | null;
  readonly note?: string | null;
  readonly validFrom?: Date | null;
}

const LONGEST_SERIAL = 50;
const LONGEST_NOTE = 500;
/** Readings from before anybody had registered the key are verified with it, too, unless somebody says from when it counts. */
const ALWAYS = new Date('2000-01-01T00:00:00Z');

/** The public keys of meters, which operators take from the meter's plate or from its maker, never from a message. */
@Injectable()
export class ManageMeterKeys {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async list({ tenant }: Principal, stationId: string): Promise<StoredMeterKey[]> {
    if (!isUuid(stationId)) return [];
    return this.database.read(tenantScope(tenant), (tx) => meterKeysOf(tx, tenant, stationId));
  }

  /** The same key for the same meter again is the one that is there. Throws INVALID. */
  async register({ tenant, accountId }: Principal, input: MeterKeyInput): Promise<StoredMeterKey> {
    const { stationId, publicKey } = input;
    if (!isUuid(stationId)) throw notFound('METERING_STATION', 'There is no such station.');
    const curve = input.curve ? curveNamed(input.curve) : undefined;
    if (input.curve && !curve)
      throw invalid('METERING_METER_KEY', `curve is one of ${METER_CURVES.join(', ')}.`);
    const key = readMeterKey(publicKey, curve);
    if (curve && key.curve !== curve)
      throw invalid('METERING_METER_KEY', `This key is on ${key.curve}, not on ${curve}.`);
    const evseNumber = input.evseNumber ?? 0;
    if (!Number.isInteger(evseNumber) || evseNumber < 0 || evseNumber > 999)
      throw invalid('METERING_EVSE', 'evseNumber is a whole number from 0 (all of the station) to 999.');
    return this.database.transaction(tenantScope(tenant), (tx) =>
      insertMeterKey(tx, {
        tenant,
        id: this.ids.newId(),
        stationId,
        evseNumber,
        serial: textOf(input.serial, LONGEST_SERIAL, 'serial'),
        curve: key.curve,
        spki: key.spki,
        fingerprint: key.fingerprint,
        note: textOf(input.note, LONGEST_NOTE, 'note'),
        validFrom: input.validFrom ?? ALWAYS,
        validUntil: undefined,
        addedBy: accountId,
        addedAt: this.clock.now(),
        endedBy: undefined,
      }),
    );
  }

  /** Readings from `until` on are no longer verified with it; those before still are. NOT_FOUND, INVALID. */
  async end(
    { tenant, accountId }: Principal,
    { id, until }: { readonly id: string; readonly until?: Date | null },
  ): Promise<StoredMeterKey> {
    const now = this.clock.now();
    const at = until ?? now;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const key = isUuid(id) ? await lockMeterKey(tx, tenant, id) : undefined;
      if (!key) throw notFound('METERING_METER_KEY', 'There is no such key.');
      if (key.validUntil !== undefined && at > key.validUntil)
        throw invalid(
          'METERING_METER_KEY_END',
          `It ended ${key.validUntil.toISOString()}: register it again for a later time.`,
        );
      if (at < key.validFrom)
        throw invalid('METERING_METER_KEY_END', 'It cannot end before it begins to count.');
      await endMeterKey(tx, tenant, { id, until: at, by: accountId, at: now });
      return { ...key, validUntil: at, endedBy: accountId };
    });
  }
}

function textOf(text: string | null | undefined, longest: number, what: string): string {
  const kept = storableText((text ?? '').trim());
  if (kept.length > longest)
    throw invalid('METERING_METER_KEY', `${what} has at most ${longest} characters.`);
  return kept;
}
