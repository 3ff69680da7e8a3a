import { gatheredRead, pgArray, type Tx } from '@kilowatch/platform';
import type { MeterCurve } from '../domain/signed/meter-key.js';

export interface StoredMeterKey {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  /** 0: of all its EVSEs. */
  readonly evseNumber: number;
  readonly serial: string;
  readonly curve: MeterCurve;
  readonly spki: Uint8Array;
  readonly fingerprint: string;
  readonly note: string;
  readonly validFrom: Date;
  readonly validUntil: Date | undefined;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly endedBy: string | undefined;
}

interface Row {
  tenant: string;
  id: string;
  station_id: string;
  evse_number: number;
  serial: string;
  curve: MeterCurve;
  spki: Buffer;
  fingerprint: string;
  note: string;
  valid_from: Date;
  valid_until: Date | null;
  added_by: string;
  added_at: Date;
  ended_by: string | null;
}

/** The key as it is stored: the one that was there when the same was added before. */
export async function insertMeterKey(tx: Tx, key: StoredMeterKey): Promise<StoredMeterKey> {
  const rows = await tx.query<Row>(
    `insert into meter_key as held (tenant, id, station_id, evse_number, serial, curve, spki, fingerprint, note, valid_from,
        valid_until, added_by, added_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      on conflict on constraint meter_key_once do update set note = held.note returning *`,
    [
      key.tenant,
      key.id,
      key.stationId,
      key.evseNumber,
      key.serial,
      key.curve,
      Buffer.from(key.spki),
      key.fingerprint,
      key.note,
      key.validFrom,
      key.validUntil ?? null,
      key.addedBy,
      key.addedAt,
    ],
  );
  return toKey(rows[0]!);
}

export async function lockMeterKey(tx: Tx, tenant: string, id: string): Promise<StoredMeterKey | undefined> {
  const rows = await tx.query<Row>('select * from meter_key where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toKey(rows[0]);
}

export async function endMeterKey(
  tx: Tx,
  tenant: string,
  end: { readonly id: string; readonly until: Date; readonly by: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    'update meter_key set valid_until = $3, ended_by = $4, ended_at = $5 where tenant = $1 and id = $2',
    [tenant, end.id, end.until, end.by, end.at],
  );
}

/** Those of a station, latest first; a station has as many as meters it ever had. */
export async function meterKeysOf(tx: Tx, tenant: string, stationId: string): Promise<StoredMeterKey[]> {
  return (await found(tx, tenant, stationId)) ?? [];
}

const found = gatheredRead<string, StoredMeterKey[]>(
  (stationId) => stationId,
  async (tx, tenant, stationIds) => {
    const rows = await tx.query<Row>(
      `select * from meter_key where tenant = $1 and station_id = any ($2::uuid[])
        order by valid_from desc, id desc`,
      [tenant, pgArray.uuid(stationIds)],
    );
    const keys = new Map<string, StoredMeterKey[]>();
    for (const row of rows) {
      const ofStation = keys.get(row.station_id) ?? [];
      ofStation.push(toKey(row));
      keys.set(row.station_id, ofStation);
    }
    return keys;
  },
);

function toKey(row: Row): StoredMeterKey {
  return {
    tenant: row.tenant,
    id: row.id,
    stationId: row.station_id,
    evseNumber: row.evse_number,
    serial: row.serial,
    curve: row.curve,
    spki: row.spki,
    fingerprint: row.fingerprint,
    note: row.note,
    validFrom: row.valid_from,
    validUntil: row.valid_until ?? undefined,
    addedBy: row.added_by,
    addedAt: row.added_at,
    endedBy: row.ended_by ?? undefined,
  };
}
