import type { SortKey, Tx } from '@kilowatch/platform';
import type { Company } from '../domain/vat-number.js';

export interface VatCheck {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  /** undefined: not said. */
  readonly evseNumber: number | undefined;
  /** Without spaces and the like; as it was typed when it cannot be one. */
  readonly vatNumber: string;
  readonly accepted: boolean;
  readonly reasonCode: string;
  readonly company: Company | undefined;
  /** Who said it; empty: the form alone. */
  readonly register: string;
  readonly registerAskedAt: Date | undefined;
  readonly askedAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  station_id: string;
  evse_number: number;
  vat_number: string;
  accepted: boolean;
  reason_code: string;
  company: Company | null;
  register: string;
  register_asked_at: Date | null;
  asked_at: Date;
}

const NOT_SAID = -1;

/** The latest of a number at an EVSE: a station that asks again changes no more than that. */
export async function saveVatCheck(tx: Tx, check: VatCheck): Promise<void> {
  await tx.query(
    `insert into vat_check as held (tenant, id, station_id, evse_number, vat_number, accepted, reason_code, company, register,
        register_asked_at, asked_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict on constraint vat_check_key do update set accepted = excluded.accepted, reason_code = excluded.reason_code,
        company = excluded.company, register = excluded.register, register_asked_at = excluded.register_asked_at,
        asked_at = excluded.asked_at
      where held.asked_at <= excluded.asked_at`,
    [
      check.tenant,
      check.id,
      check.stationId,
      check.evseNumber ?? NOT_SAID,
      check.vatNumber,
      check.accepted,
      check.reasonCode,
      check.company ? JSON.stringify(check.company) : null,
      check.register,
      check.registerAskedAt ?? null,
      check.askedAt,
    ],
  );
}

/** What a register said of a number since then, at whatever station: that somebody has it. */
export async function findRegistered(
  tx: Tx,
  tenant: string,
  vatNumber: string,
  since: Date,
): Promise<VatCheck | undefined> {
  const rows = await tx.query<Row>(
    `select * from vat_check where tenant = $1 and vat_number = $2 and accepted and register <> ''
        and register_asked_at > $3 order by register_asked_at desc limit 1`,
    [tenant, vatNumber, since],
  );
  return rows[0] && toCheck(rows[0]);
}

/** Latest first. */
export async function listVatChecks(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<VatCheck[]> {
  const rows = await tx.query<Row>(
    `select * from vat_check where tenant = $1 and ($2::timestamptz is null or (asked_at, id) < ($2::timestamptz, $3::uuid))
      order by asked_at desc, id desc limit $4`,
    [tenant, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
  return rows.map(toCheck);
}

/** Those of all tenants that were asked about before `until`. */
export function forgetVatChecks(tx: Tx, until: Date, limit: number): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from vat_check where (tenant, id) in (select tenant, id from vat_check where asked_at < $1
      order by asked_at limit $2 for update skip locked) returning tenant`,
    [until, limit],
  );
}

function toCheck(row: Row): VatCheck {
  return {
    tenant: row.tenant,
    id: row.id,
    stationId: row.station_id,
    evseNumber: row.evse_number === NOT_SAID ? undefined : row.evse_number,
    vatNumber: row.vat_number,
    accepted: row.accepted,
    reasonCode: row.reason_code,
    company: row.company ?? undefined,
    register: row.register,
    registerAskedAt: row.register_asked_at ?? undefined,
    askedAt: row.asked_at,
  };
}
