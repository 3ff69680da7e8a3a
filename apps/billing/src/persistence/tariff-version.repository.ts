import { gatheredRead, type Tx } from '@kilowatch/platform';
import { toVersion, type TariffVersion, type VersionRow } from './tariff.repository.js';

/** A version and how it came to be. */
export interface PublishedVersion extends TariffVersion {
  readonly publishedAt: Date;
  /** Empty: not known, it is from before this was kept. */
  readonly publishedBy: string;
  /** What is to be said about it beside its prices, such as where they come from. */
  readonly note: string;
}

/** A version among the others of its tariff. */
export interface VersionInHistory extends PublishedVersion {
  readonly withdrawnAt: Date | undefined;
  readonly withdrawnBy: string | undefined;
  /** When the next one takes over; undefined when none does, or when it was withdrawn. */
  readonly validUntil: Date | undefined;
  /** What was to be valid before it. */
  readonly before: { readonly name: string; readonly document: unknown } | undefined;
}

interface PublishedRow extends VersionRow {
  published_at: Date;
  published_by: string;
  note: string;
}

interface HistoryRow extends PublishedRow {
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
  valid_until: Date | null;
  before_name: string | null;
  before_document: unknown;
}

const COLUMNS = `v.tenant, v.tariff_id as id, v.version, v.name, v.currency, v.document, v.fingerprint, v.valid_from,
  coalesce(v.published_at, v.valid_from) as published_at, v.published_by, v.note`;

const standing = (version: string) => `not exists (select 1 from tariff_withdrawal w
  where w.tenant = ${version}.tenant and w.tariff_id = ${version}.tariff_id and w.version = ${version}.version)`;

export async function insertTariffVersion(tx: Tx, version: PublishedVersion): Promise<void> {
  await tx.query(
    `insert into tariff_version (tenant, tariff_id, version, name, currency, document, fingerprint, valid_from, published_at,
        published_by, note)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      version.tenant,
      version.id,
      version.version,
      version.name,
      version.currency,
      JSON.stringify(version.document),
      version.fingerprint,
      version.validFrom,
      version.publishedAt,
      version.publishedBy,
      version.note,
    ],
  );
}

export interface VersionQuestion {
  readonly tariffId: string;
  readonly at: Date;
  readonly now: Date;
}

const questionKey = ({ tariffId, at }: VersionQuestion) => `${at.getTime()}|${tariffId}`;

/**
 * The version that is valid at a moment. Before the first one it is the first, once that is valid: a session that began before there was a
 * tariff waits for it. What is planned ahead prices nothing until then.
 */
export const findVersionAt = gatheredRead<VersionQuestion, PublishedVersion>(
  questionKey,
  async (tx, tenant, questions) => {
    const rows = await tx.query<PublishedRow & { asked: string }>(
      `select q.asked, ${COLUMNS}
        from unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[]) as q (tariff_id, at, now, asked)
        cross join lateral (
          select coalesce(
            (select v.version from tariff_version v where v.tenant = $1 and v.tariff_id = q.tariff_id
              and v.valid_from <= q.at and ${standing('v')} order by v.valid_from desc, v.version desc limit 1),
            (select v.version from tariff_version v where v.tenant = $1 and v.tariff_id = q.tariff_id
              and v.valid_from <= q.now and ${standing('v')} order by v.valid_from, v.version limit 1)) as version
        ) found
        join tariff_version v on v.tenant = $1 and v.tariff_id = q.tariff_id and v.version = found.version`,
      [
        tenant,
        questions.map(({ tariffId }) => tariffId),
        questions.map(({ at }) => at),
        questions.map(({ now }) => now),
        questions.map(questionKey),
      ],
    );
    return new Map(rows.map((row) => [row.asked, toPublished(row)]));
  },
);

/** The one that is to begin at exactly this moment, of those that stand: the last published. */
export async function findVersionFrom(
  tx: Tx,
  tenant: string,
  tariffId: string,
  from: Date,
): Promise<PublishedVersion | undefined> {
  const rows = await tx.query<PublishedRow>(
    `select ${COLUMNS} from tariff_version v where v.tenant = $1 and v.tariff_id = $2 and v.valid_from = $3 and ${standing('v')}
      order by v.version desc limit 1`,
    [tenant, tariffId, from],
  );
  return rows[0] && toPublished(rows[0]);
}

/** Those that stand and begin after a moment, the first to begin first. */
export async function plannedVersions(
  tx: Tx,
  tenant: string,
  tariffId: string,
  after: Date,
): Promise<PublishedVersion[]> {
  const rows = await tx.query<PublishedRow>(
    `select ${COLUMNS} from tariff_version v where v.tenant = $1 and v.tariff_id = $2 and v.valid_from > $3 and ${standing('v')}
      order by v.valid_from, v.version`,
    [tenant, tariffId, after],
  );
  return rows.map(toPublished);
}

/** 0 when the tariff never had one; withdrawn ones keep their number. */
export async function lastVersionNumber(tx: Tx, tenant: string, tariffId: string): Promise<number> {
  const rows = await tx.query<{ last: number }>(
    'select coalesce(max(version), 0) as last from tariff_version where tenant = $1 and tariff_id = $2',
    [tenant, tariffId],
  );
  return rows[0]?.last ?? 0;
}

export async function countVersionsSince(
  tx: Tx,
  tenant: string,
  tariffId: string,
  since: Date,
): Promise<number> {
  const rows = await tx.query<{ n: string }>(
    'select count(*) as n from tariff_version where tenant = $1 and tariff_id = $2 and valid_from >= $3',
    [tenant, tariffId, since],
  );
  return Number(rows[0]?.n ?? 0);
}

/** Latest published first, or the one version asked for. */
export async function historyOf(
  tx: Tx,
  tenant: string,
  tariffId: string,
  page: { readonly limit: number; readonly below?: number | undefined; readonly version?: number },
): Promise<VersionInHistory[]> {
  const rows = await tx.query<HistoryRow>(
    `select ${COLUMNS}, w.withdrawn_at, w.withdrawn_by, next.valid_from as valid_until, prior.name as before_name,
        prior.document as before_document
      from tariff_version v
      left join tariff_withdrawal w on w.tenant = v.tenant and w.tariff_id = v.tariff_id and w.version = v.version
      left join lateral (select n.valid_from from tariff_version n where n.tenant = v.tenant and n.tariff_id = v.tariff_id
        and (n.valid_from, n.version) > (v.valid_from, v.version) and w.version is null and ${standing('n')}
        order by n.valid_from, n.version limit 1) next on true
      left join lateral (select b.name, b.document from tariff_version b where b.tenant = v.tenant and b.tariff_id = v.tariff_id
        and (b.valid_from, b.version) < (v.valid_from, v.version) and ${standing('b')}
        order by b.valid_from desc, b.version desc limit 1) prior on true
      where v.tenant = $1 and v.tariff_id = $2 and ($3::int is null or v.version < $3) and ($4::int is null or v.version = $4)
      order by v.version desc limit $5`,
    [tenant, tariffId, page.below ?? null, page.version ?? null, page.limit],
  );
  return rows.map((row) => ({
    ...toPublished(row),
    withdrawnAt: row.withdrawn_at ?? undefined,
    withdrawnBy: row.withdrawn_by ?? undefined,
    validUntil: row.valid_until ?? undefined,
    before: row.before_name === null ? undefined : { name: row.before_name, document: row.before_document },
  }));
}

export async function insertWithdrawal(
  tx: Tx,
  withdrawal: { tenant: string; tariffId: string; version: number; at: Date; by: string },
): Promise<void> {
  await tx.query(
    `insert into tariff_withdrawal (tenant, tariff_id, version, withdrawn_at, withdrawn_by) values ($1, $2, $3, $4, $5)`,
    [withdrawal.tenant, withdrawal.tariffId, withdrawal.version, withdrawal.at, withdrawal.by],
  );
}

export interface TariffTurn {
  readonly tenant: string;
  readonly tariffId: string;
  readonly dueAt: Date;
}

/** At that moment another version may take over. Only ever added here: whoever holds a row waits for nobody who adds one. */
export async function planTurn(tx: Tx, { tenant, tariffId, dueAt }: TariffTurn): Promise<void> {
  await tx.query(
    'insert into tariff_turn (tenant, tariff_id, due_at) values ($1, $2, $3) on conflict do nothing',
    [tenant, tariffId, dueAt],
  );
}

export async function takeTurns(tx: Tx, now: Date, limit: number): Promise<TariffTurn[]> {
  const rows = await tx.query<{ tenant: string; tariff_id: string; due_at: Date }>(
    `select tenant, tariff_id, due_at from tariff_turn where due_at <= $1 order by due_at limit $2 for update skip locked`,
    [now, limit],
  );
  const turns = rows.map((row) => ({ tenant: row.tenant, tariffId: row.tariff_id, dueAt: row.due_at }));
  // Their tenants are locked one after the other, everywhere in one order.
  return turns.sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
}

export async function dropTurn(tx: Tx, { tenant, tariffId, dueAt }: TariffTurn): Promise<void> {
  await tx.query('delete from tariff_turn where tenant = $1 and tariff_id = $2 and due_at = $3', [
    tenant,
    tariffId,
    dueAt,
  ]);
}

function toPublished(row: PublishedRow): PublishedVersion {
  return {
    ...toVersion(row),
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    note: row.note,
  };
}
