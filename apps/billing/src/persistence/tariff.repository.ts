import { gatheredRead, type SortKey, type Tx } from '@kilowatch/platform';
import type { Dated } from '../domain/quote-use.js';

/** One version of a tariff. Versions are never changed. */
export interface TariffVersion {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly currency: string;
  readonly document: unknown;
  readonly fingerprint: string;
  readonly validFrom: Date;
}

/**
 * The version that is valid, or, before any is, the first that will be; `revision` counts every change that partners are told of, the
 * default included.
 */
export interface CurrentTariff extends TariffVersion {
  readonly isDefault: boolean;
  readonly revision: number;
  readonly changedAt: Date;
}

export interface VersionRow {
  tenant: string;
  id: string;
  version: number;
  name: string;
  currency: string;
  document: unknown;
  fingerprint: string;
  valid_from: Date;
}

interface Row extends VersionRow {
  is_default: boolean;
  revision: number;
  changed_at: Date;
}

const CURRENT = `select t.tenant, t.id, t.version, t.revision, t.changed_at, v.name, v.currency, v.document, v.fingerprint,
    v.valid_from, coalesce(t.id = (select d.tariff_id from default_tariff d where d.tenant = t.tenant
      order by d.position desc limit 1), false) as is_default
  from tariff t join tariff_version v on v.tenant = t.tenant and v.tariff_id = t.id and v.version = t.version
  where t.tenant = $1 and not exists (select 1 from tariff_withdrawal w
    where w.tenant = t.tenant and w.tariff_id = t.id and w.version = t.version)`;

/** One change of tariffs at a time per tenant: there is one default. */
export function lockTariffs(tx: Tx, tenant: string): void {
  tx.lock(`tariffs|${tenant}`);
}

/** Raises the revision; returns the new one. */
export async function touchTariff(
  tx: Tx,
  tariff: { tenant: string; id: string; version: number; changedAt: Date },
): Promise<number> {
  const rows = await tx.query<{ revision: number }>(
    `insert into tariff as held (tenant, id, version, revision, changed_at) values ($1, $2, $3, 1, $4)
      on conflict on constraint tariff_pk do update set version = excluded.version, revision = held.revision + 1,
        changed_at = excluded.changed_at
      returning revision`,
    [tariff.tenant, tariff.id, tariff.version, tariff.changedAt],
  );
  return rows[0]!.revision;
}

export async function setDefaultTariff(tx: Tx, tenant: string, tariffId: string, from: Date): Promise<void> {
  await tx.query('insert into default_tariff (tenant, tariff_id, valid_from) values ($1, $2, $3)', [
    tenant,
    tariffId,
    from,
  ]);
}

export async function findTariffs(tx: Tx, tenant: string, ids: readonly string[]): Promise<CurrentTariff[]> {
  const rows = await tx.query<Row>(`${CURRENT} and t.id = any($2::text[])`, [tenant, ids]);
  return rows.map(toTariff);
}

export async function findDefaultTariff(tx: Tx, tenant: string): Promise<CurrentTariff | undefined> {
  const rows = await tx.query<Row>(
    `${CURRENT} and t.id = (select d.tariff_id from default_tariff d where d.tenant = $1 order by d.position desc limit 1)`,
    [tenant],
  );
  return rows[0] && toTariff(rows[0]);
}

export async function listTariffs(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<{ rows: CurrentTariff[]; total: number }> {
  const rows = await tx.query<Row>(`${CURRENT} and ($2::text is null or t.id > $2) order by t.id limit $3`, [
    tenant,
    page.after?.[0] ?? null,
    page.limit,
  ]);
  const total = await tx.query<{ n: string }>(`select count(*) as n from (${CURRENT}) counted`, [tenant]);
  return { rows: rows.map(toTariff), total: Number(total[0]?.n ?? 0) };
}

/**
 * Changed from `from` (inclusive) until `to` (exclusive), oldest tariff first: one that changes between two pages stays where it
 * was, so that no other moves past the reader.
 */
export async function tariffsChangedIn(
  tx: Tx,
  tenant: string,
  range: { from: Date | undefined; to: Date | undefined; offset: number; limit: number; now: Date },
): Promise<{ rows: CurrentTariff[]; total: number }> {
  const within =
    '($2::timestamptz is null or t.changed_at >= $2) and ($3::timestamptz is null or t.changed_at < $3) and v.valid_from <= $4';
  const bounds = [tenant, range.from ?? null, range.to ?? null, range.now];
  const rows = await tx.query<Row>(
    `${CURRENT} and ${within} order by (select f.valid_from from tariff_version f
      where f.tenant = t.tenant and f.tariff_id = t.id and f.version = 1), t.id offset $5 limit $6`,
    [...bounds, range.offset, range.limit],
  );
  const total = await tx.query<{ n: string }>(
    `select count(*) as n from (${CURRENT} and ${within}) counted`,
    bounds,
  );
  return { rows: rows.map(toTariff), total: Number(total[0]?.n ?? 0) };
}

/** Ids of the tenant's default tariffs since when, in order of time. */
export async function defaultHistory(tx: Tx, tenant: string): Promise<Dated<string>[]> {
  return (await defaultHistories(tx, tenant, tenant)) ?? [];
}

const defaultHistories = gatheredRead<string, Dated<string>[]>(
  (tenant) => tenant,
  async (tx, tenant) => {
    const rows = await tx.query<{ tariff_id: string; valid_from: Date }>(
      'select tariff_id, valid_from from default_tariff where tenant = $1 order by position',
      [tenant],
    );
    return new Map([[tenant, rows.map((row) => ({ from: row.valid_from, value: row.tariff_id }))]]);
  },
);

export function toVersion(row: VersionRow): TariffVersion {
  const { tenant, id, version, name, currency, document, fingerprint, valid_from: validFrom } = row;
  return { tenant, id, version, name, currency, document, fingerprint, validFrom };
}

function toTariff(row: Row): CurrentTariff {
  return {
    ...toVersion(row),
    isDefault: row.is_default,
    revision: row.revision,
    changedAt: row.changed_at,
  };
}
