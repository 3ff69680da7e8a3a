import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const READING_KEY = 'tenant, station_id, transaction_ref, evse_number, measured_at, context, sample_hash';
const CURVE_KEY = 'tenant, session_id, measured_at';

/**
 * Readings by month, made ahead and dropped when they are old (src/usecases/keep-partitions.ts); what lies in no month that was made, as a
 * charger's clock may say any year, goes to the partition "other". Beside them the curves of sessions in minutes and quarters of an hour,
 * which are kept for longer. The service has no rights to change tables: what it may make and drop, two functions of the owner say.
 */
export class ReadingPartitions1796400000000 implements MigrationInterface {
  readonly name = 'ReadingPartitions1796400000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table reading rename to reading_before');
    await queryRunner.query('alter table reading_before rename constraint reading_pk to reading_before_pk');
    await queryRunner.query(
      `create table reading (like reading_before including defaults including storage,
        constraint reading_pk primary key (${READING_KEY})) partition by range (measured_at)`,
    );
    await this.family(queryRunner, 'reading');
    await this.takeOver(queryRunner);
    for (const table of ['reading_minute', 'reading_quarter']) {
      await queryRunner.query(`create table ${table} (
        tenant text not null,
        session_id uuid not null,
        measured_at timestamptz not null,
        power_w int,
        max_power_w int,
        power_export_w int,
        energy_import_mwh bigint,
        energy_export_mwh bigint,
        soc_percent real,
        readings int not null,
        constraint ${table}_pk primary key (${CURVE_KEY})
      ) partition by range (measured_at)`);
      await this.family(queryRunner, table);
    }
    await queryRunner.query(`create table distant_reading (
      tenant text not null,
      station_id uuid not null,
      transaction_ref text not null,
      since timestamptz not null,
      until timestamptz not null,
      constraint distant_reading_pk primary key (tenant, station_id, transaction_ref)
    )`);
    await tenantTable(queryRunner, 'distant_reading');
    await queryRunner.query(
      `insert into distant_reading select tenant, station_id, transaction_ref, min(measured_at), max(measured_at) from reading
        where transaction_ref <> '' and abs(extract(epoch from measured_at - received_at)) > 8 * 86400 group by 1, 2, 3`,
    );
    await queryRunner.query(
      'alter table metered_session add column curve_due_at timestamptz, add column curve_filled_at timestamptz',
    );
    await queryRunner.query(
      'update metered_session set curve_due_at = closed_at where closed_at is not null',
    );
    await queryRunner.query(
      'create index metered_session_curve_due on metered_session (curve_due_at) where curve_due_at is not null',
    );
    await queryRunner.query(
      'create index metered_session_open on metered_session (started_at) where closed_at is null or curve_due_at is not null',
    );
    await queryRunner.query(MAKE_READING_PARTITION);
    await queryRunner.query(DROP_READING_PARTITION);
    for (const table of ['reading', 'reading_minute', 'reading_quarter']) {
      for (const months of [-1, 0, 1, 2, 3])
        await queryRunner.query(
          `select make_reading_partition($1, (date_trunc('month', now() at time zone 'UTC') + $2 * interval '1 month')::date)`,
          [table, months],
        );
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop function make_reading_partition(text, date)');
    await queryRunner.query('drop function drop_reading_partition(text, timestamptz)');
    await queryRunner.query('drop index metered_session_curve_due');
    await queryRunner.query('drop index metered_session_open');
    await queryRunner.query(
      'alter table metered_session drop column curve_due_at, drop column curve_filled_at',
    );
    await queryRunner.query('drop table reading_minute, reading_quarter, distant_reading');
    await queryRunner.query('create table reading_plain (like reading including defaults including storage)');
    await queryRunner.query('insert into reading_plain select * from reading');
    await queryRunner.query('drop table reading');
    await queryRunner.query('alter table reading_plain rename to reading');
    await queryRunner.query(`alter table reading add constraint reading_pk primary key (${READING_KEY})`);
    await tenantTable(queryRunner, 'reading');
  }

  /** Row-level security of the table and of its partition for what lies nowhere else. */
  private async family(queryRunner: QueryRunner, table: string): Promise<void> {
    await queryRunner.query(`create table ${table}_other partition of ${table} default`);
    await tenantTable(queryRunner, table);
    // A partition that is asked by its own name has no other wall.
    await tenantTable(queryRunner, `${table}_other`);
  }

  /** What is stored already stays where it is, as the partition of everything up to this month; an empty table goes. */
  private async takeOver(queryRunner: QueryRunner): Promise<void> {
    const [{ filled }] = (await queryRunner.query(
      'select exists (select from reading_before) as filled',
    )) as [{ filled: boolean }];
    if (!filled) {
      await queryRunner.query('drop table reading_before');
      return;
    }
    const [{ until }] = (await queryRunner.query(
      `select ((date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC')::text as until`,
    )) as [{ until: string }];
    await queryRunner.query(
      `with moved as (delete from reading_before where measured_at >= '${until}' returning *)
        insert into reading select * from moved`,
    );
    await queryRunner.query(
      `alter table reading attach partition reading_before for values from (minvalue) to ('${until}')`,
    );
  }
}

/**
 * Makes the month of a family; false when it is there, or is part of what was before there were months. It is filled with what "other" holds
 * of it, and only then shown: readers and writers wait for a moment of "other" alone, and not for long, because the function gives up
 * after 300 ms and is called again.
 */
export const MAKE_READING_PARTITION = `create function make_reading_partition(family text, month date) returns boolean
  language plpgsql security definer set search_path from current set lock_timeout = '300ms' set timezone = 'UTC' as $$
  declare
    part text := family || to_char(month, '"_"YYYY"_"MM');
    since timestamptz := month::timestamp at time zone 'UTC';
    until timestamptz := (month + interval '1 month') at time zone 'UTC';
    pk text;
    visible text;
    writable text;
  begin
    if family not in ('reading', 'reading_minute', 'reading_quarter') or month <> date_trunc('month', month) then
      raise exception 'no such partition: % of %', month, family;
    end if;
    if to_regclass(part) is not null then
      return false;
    end if;
    if exists (select from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = family::regclass
      and (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(MINVALUE\\) TO \\(''([^'']+)''\\)'))[1]::timestamptz > since)
    then
      return false;
    end if;
    pk := case family when 'reading' then '${READING_KEY}' else '${CURVE_KEY}' end;
    execute format('create table %I (like %I including defaults including storage, constraint %I primary key (%s))',
      part, family, part || '_pk', pk);
    if family = 'reading' then
      execute format('alter table %I alter column samples set statistics 0', part);
    end if;
    execute format('alter table %I enable row level security', part);
    -- The wall of the family, word for word.
    select pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) into strict visible, writable
      from pg_policy where polrelid = family::regclass and polname = 'tenant_isolation';
    execute format('create policy tenant_isolation on %I using (%s) with check (%s)', part, visible, writable);
    execute format('lock table %I in access exclusive mode', family || '_other');
    execute format('with moved as (delete from %I where measured_at >= $1 and measured_at < $2 returning *)
      insert into %I select * from moved', family || '_other', part) using since, until;
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', family, part, since, until);
    return true;
  end $$`;

/**
 * Drops the oldest partition of a family that lies before a time; null when there is none. One that holds a reading of a session whose energy
 * is not closed, or whose curve is not drawn, stays. Gives up after 300 ms of waiting, as above.
 */
export const DROP_READING_PARTITION = `create function drop_reading_partition(family text, before timestamptz) returns text
  language plpgsql security definer set search_path from current set lock_timeout = '300ms' set timezone = 'UTC' as $$
  declare
    part record;
    needed boolean;
  begin
    if family not in ('reading', 'reading_minute', 'reading_quarter') then
      raise exception 'no such family: %', family;
    end if;
    for part in
      select c.relname as name, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz as until
      from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = family::regclass order by 2
    loop
      continue when part.until is null or part.until > before;
      needed := false;
      if family = 'reading' then
        execute format('select exists (select from metered_session s
          where (s.closed_at is null or s.curve_due_at is not null) and exists (select from %I r where r.tenant = s.tenant
            and r.station_id = s.station_id and (r.transaction_ref = s.transaction_ref or (r.transaction_ref = ''''
              and r.evse_number = s.evse_number and r.measured_at between s.started_at and coalesce(s.ended_at, ''infinity'')))))',
          part.name) into needed;
      end if;
      continue when needed;
      execute format('drop table %I', part.name);
      return part.name;
    end loop;
    return null;
  end $$`;
