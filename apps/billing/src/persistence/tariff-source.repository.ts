import { gatheredRead, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { CurveKey } from './feed-price.repository.js';

export const SOURCE_KINDS = ['SPOT', 'STEPS', 'DISCOUNT'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a tariff's versions are made from. Of a DISCOUNT `baseTariffId` and `plan` are there, of the others the rest. */
export interface TariffSourceRecord {
  readonly tenant: string;
  readonly tariffId: string;
  readonly kind: SourceKind;
  readonly name: string;
  readonly settings: unknown;
  readonly currency: string | null;
  readonly definition: unknown;
  readonly idleGraceMinutes: number | null;
  readonly timeZone: string | null;
  readonly curveSource: string | null;
  readonly curveArea: string | null;
  readonly fallbackTariffId: string | null;
  readonly baseTariffId: string | null;
  readonly plan: string | null;
  readonly failure: string | null;
  readonly madeAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
}

const COLUMNS = `tenant, tariff_id as "tariffId", kind, name, settings, currency, definition, idle_grace_minutes as "idleGraceMinutes",
  time_zone as "timeZone", curve_source as "curveSource", curve_area as "curveArea", fallback_tariff_id as "fallbackTariffId",
  base_tariff_id as "baseTariffId", plan, failure, made_at as "madeAt", created_by as "createdBy", created_at as "createdAt"`;

export async function saveTariffSource(
  tx: Tx,
  source: Omit<TariffSourceRecord, 'failure' | 'madeAt'>,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `insert into tariff_source (tenant, tariff_id, kind, name, settings, currency, definition, idle_grace_minutes, time_zone,
        curve_source, curve_area, fallback_tariff_id, base_tariff_id, plan, created_by, created_at, due_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      on conflict on constraint tariff_source_pk do update set kind = excluded.kind, name = excluded.name, settings = excluded.settings,
        currency = excluded.currency, definition = excluded.definition, idle_grace_minutes = excluded.idle_grace_minutes,
        time_zone = excluded.time_zone, curve_source = excluded.curve_source, curve_area = excluded.curve_area,
        fallback_tariff_id = excluded.fallback_tariff_id, base_tariff_id = excluded.base_tariff_id, plan = excluded.plan,
        created_by = excluded.created_by, created_at = excluded.created_at, due_at = excluded.due_at, failure = null`,
    [
      source.tenant,
      source.tariffId,
      source.kind,
      source.name,
      JSON.stringify(source.settings),
      source.currency,
      source.definition === null ? null : JSON.stringify(source.definition),
      source.idleGraceMinutes,
      source.timeZone,
      source.curveSource,
      source.curveArea,
      source.fallbackTariffId,
      source.baseTariffId,
      source.plan,
      source.createdBy,
      source.createdAt,
      dueAt,
    ],
  );
}

export async function findTariffSource(
  tx: Tx,
  tenant: string,
  tariffId: string,
): Promise<TariffSourceRecord | undefined> {
  const rows = await tx.query<TariffSourceRecord>(
    `select ${COLUMNS} from tariff_source where tenant = $1 and tariff_id = $2`,
    [tenant, tariffId],
  );
  return rows[0];
}

export async function removeTariffSource(tx: Tx, tenant: string, tariffId: string): Promise<boolean> {
  const rows = await tx.query(
    'delete from tariff_source where tenant = $1 and tariff_id = $2 returning tariff_id',
    [tenant, tariffId],
  );
  return rows.length > 0;
}

export async function listTariffSources(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<TariffSourceRecord[]> {
  return tx.query<TariffSourceRecord>(
    `select ${COLUMNS} from tariff_source where tenant = $1 and ($2::text is null or tariff_id > $2) order by tariff_id limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
}

/** Not locked: making twice changes nothing, and `lockTariffs` comes before any row; by tenant, so that it comes in one order. */
export async function takeDueSources(tx: Tx, now: Date, limit: number): Promise<TariffSourceRecord[]> {
  return tx.query<TariffSourceRecord>(
    `select * from (select ${COLUMNS} from tariff_source where due_at <= $1 order by due_at limit $2) due order by tenant`,
    [now, limit],
  );
}

/** A curve says something new. */
export async function wakeSourcesOfCurve(tx: Tx, tenant: string, curve: CurveKey, at: Date): Promise<void> {
  await tx.query(
    'update tariff_source set due_at = $4 where tenant = $1 and curve_source = $2 and curve_area = $3',
    [tenant, curve.source, curve.area, at],
  );
}

/** A tariff has another version: those that are made from it, or fall back to it. */
export async function wakeSourcesOfTariff(tx: Tx, tenant: string, tariffId: string, at: Date): Promise<void> {
  await tx.query(
    `update tariff_source set due_at = $3 where tenant = $1 and (base_tariff_id = $2 or fallback_tariff_id = $2)`,
    [tenant, tariffId, at],
  );
}

export async function recordMaking(
  tx: Tx,
  { tenant, tariffId }: Pick<TariffSourceRecord, 'tenant' | 'tariffId'>,
  making: { readonly madeAt: Date | null; readonly failure: string | null; readonly dueAt: Date | null },
): Promise<void> {
  await tx.query(
    `update tariff_source set made_at = coalesce($3, made_at), failure = $4, due_at = $5 where tenant = $1 and tariff_id = $2`,
    [tenant, tariffId, making.madeAt, making.failure, making.dueAt],
  );
}

export interface DiscountQuestion {
  readonly accountId: string;
  readonly baseTariffId: string;
  readonly at: Date;
}

const discountKey = ({ accountId, baseTariffId, at }: DiscountQuestion) =>
  `${at.getTime()}|${accountId}|${baseTariffId}`;

/** The tariff that a subscriber has instead of another at a moment; most drivers have no subscription. */
export const findDiscountTariff = gatheredRead<DiscountQuestion, string>(
  discountKey,
  async (tx, tenant, questions) => {
    const rows = await tx.query<{ asked: string; tariff_id: string }>(
      `select q.asked, s.tariff_id from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[]) as q (account_id, base, at, asked)
        join subscription u on u.tenant = $1 and u.account_id = q.account_id and u.valid_from <= q.at
          and (u.valid_until is null or q.at < u.valid_until)
        join tariff_source s on s.tenant = $1 and s.base_tariff_id = q.base and s.plan = u.plan
        where exists (select 1 from tariff_version v where v.tenant = $1 and v.tariff_id = s.tariff_id and v.valid_from <= q.at)`,
      [
        tenant,
        pgArray.text(questions.map(({ accountId }) => accountId)),
        pgArray.text(questions.map(({ baseTariffId }) => baseTariffId)),
        pgArray.timestamptz(questions.map(({ at }) => at)),
        pgArray.text(questions.map(discountKey)),
      ],
    );
    return new Map(rows.map((row) => [row.asked, row.tariff_id]));
  },
);
