import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

const BATCH = 2_000;

/** What of a CDR revenue is added up from. Credits count negative; `sign` is the session they take back. */
const FIGURES = `c.tenant, c.id, c.session_id, c.account_id, c.issued_at,
  coalesce(b.shot->>'locationId', ''), coalesce(b.shot->>'locationName', ''),
  coalesce(b.shot->>'stationId', ''), coalesce(b.shot->>'stationIdentity', ''),
  b.doc->>'currency', k.sign, k.sign * (b.doc->>'energyMwh')::bigint,
  (b.doc->'total'->>'excl')::numeric, (b.doc->'total'->>'vat')::numeric,
  k.sign * round((b.doc->'components'->'energy'->>'excl')::numeric * k.kept, 6),
  (select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'percent', t.percent, 'base', k.sign * t.base, 'amount', k.sign * t.amount)), '[]')
    from (
      select r->>'name' as name, (r->>'percent')::numeric as percent, (r->>'base')::numeric as base, (r->>'amount')::numeric as amount
        from jsonb_array_elements(case when jsonb_typeof(b.doc->'price'->'byTax') = 'array' then b.doc->'price'->'byTax' else '[]' end) r
      union all
      select 'VAT', (r->>'vatPercent')::numeric, (r->>'excl')::numeric, (r->>'vat')::numeric
        from jsonb_array_elements(b.doc->'price'->'byVatRate') r
        where jsonb_typeof(b.doc->'price'->'byTax') is distinct from 'array') t)`;

/**
 * The documents are stored as they were written and are read once here: each look into plain JSON would read all of it again. What lowers a
 * whole bill (its maximum, an agreed reduction) lowers its energy by the same share; a minimum price is no energy.
 */
const READ = `cross join lateral (select c.document::jsonb as doc, c.snapshot::jsonb as shot offset 0) b
  cross join lateral (select case when c.kind = 'CREDIT' then -1 else 1 end as sign,
    case when coalesce(b.doc->'price'->'adjustment'->>'reason', 'MIN_PRICE') = 'MIN_PRICE' then 1
      else coalesce((b.doc->'price'->'total'->>'excl')::numeric /
        nullif((b.doc->'price'->'total'->>'excl')::numeric - (b.doc->'price'->'adjustment'->>'excl')::numeric, 0), 1) end as kept) k`;

const COLUMNS = `tenant, cdr_id, session_id, account_id, issued_at, location_id, location_name, station_id, station_identity, currency, sign,
  energy_mwh, net, tax, energy_net, taxes`;

/**
 * `cdr_revenue`: the few figures of each CDR that are added up, so that a year of revenue need not be read out of its documents. Whoever
 * issues a CDR writes them with it (`insertCdr`); a trigger does for those of pods of the version before, which do not say `figured`. Filled with the CDRs of before in batches that each commit.
 */
export class Revenue1796750000000 implements MigrationInterface {
  readonly name = 'Revenue1796750000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    const [known] = (await queryRunner.query("select to_regclass('cdr_revenue') as name")) as {
      name: string | null;
    }[];
    if (known?.name === null) {
      await queryRunner.startTransaction();
      await queryRunner.query('alter table cdr add column figured boolean not null default false');
      await createTable(queryRunner);
      await queryRunner.commitTransaction();
    }
    await queryRunner.query('drop index concurrently if exists invoice_issued');
    await queryRunner.query('create index concurrently invoice_issued on invoice (tenant, issued_at)');
    await queryRunner.query('drop index concurrently if exists posting_fee');
    await queryRunner.query(
      "create index concurrently posting_fee on posting (tenant, posted_at) where reason = 'CARD_FEE'",
    );
    let last: Key | undefined = FIRST;
    while (last) last = await fillAfter(queryRunner, last);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger cdr_revenue_noted on cdr');
    await queryRunner.query('drop function note_cdr_revenue');
    await queryRunner.query('drop table cdr_revenue');
    await queryRunner.query('alter table cdr drop column figured');
    await queryRunner.query('drop index concurrently posting_fee');
    await queryRunner.query('drop index concurrently invoice_issued');
  }
}

async function createTable(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`create table cdr_revenue (tenant text not null,
      cdr_id uuid not null,
      session_id uuid not null,
      account_id text not null,
      issued_at timestamptz not null,
      location_id text not null,
      location_name text not null,
      station_id text not null,
      station_identity text not null,
      currency text not null,
      sign int not null,
      energy_mwh bigint not null,
      net numeric(20, 4) not null,
      tax numeric(20, 4) not null,
      energy_net numeric(20, 6) not null,
      taxes jsonb not null,
      constraint cdr_revenue_pk primary key (tenant, cdr_id))`);
  await tenantTable(queryRunner, 'cdr_revenue');
  await queryRunner.query('create index cdr_revenue_issued on cdr_revenue (tenant, issued_at)');
  await queryRunner.query('create index cdr_revenue_session on cdr_revenue (tenant, session_id)');
  await queryRunner.query(`create function note_cdr_revenue() returns trigger language plpgsql as
      $$ begin
        insert into cdr_revenue (${COLUMNS}) select ${FIGURES} from (select new.*) c ${READ}
          on conflict do nothing;
        return null;
      end $$`);
  await queryRunner.query(`create trigger cdr_revenue_noted after insert on cdr for each row when (not new.figured)
      execute function note_cdr_revenue()`);
}

interface Key {
  readonly tenant: string;
  readonly id: string;
}

const FIRST: Key = { tenant: '', id: '00000000-0000-0000-0000-000000000000' };

/** In the order of the primary key; answers with the last one of the batch. */
async function fillAfter(queryRunner: QueryRunner, after: Key): Promise<Key | undefined> {
  const rows = (await queryRunner.query(
    `with batch as (
        select * from cdr where (tenant, id) > ($1, $2::uuid) order by tenant, id limit ${BATCH}),
      filled as (
        insert into cdr_revenue (${COLUMNS}) select ${FIGURES} from batch c ${READ} on conflict do nothing)
      select tenant, id from batch order by tenant desc, id desc limit 1`,
    [after.tenant, after.id],
  )) as Key[];
  return rows[0];
}
