import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MAKE_READING_PARTITION } from './0012-reading-partitions.js';
import { DROP_NOT_OPEN } from './0015-fewer-indexes.js';

/** In the order of `session_curve`; each is an array there. */
const FIGURES: readonly (readonly [column: string, type: string])[] = [
  ['power_w', 'int'],
  ['max_power_w', 'int'],
  ['power_export_w', 'int'],
  ['energy_import_mwh', 'bigint'],
  ['energy_export_mwh', 'bigint'],
  ['soc_percent', 'real'],
  ['readings', 'int'],
];
const columns = FIGURES.map(([column]) => column).join(', ');
/** Of a row of minutes, `m`. */
const PACKED = ['(extract(epoch from m.measured_at) / 60)::int', ...FIGURES.map(([column]) => `m.${column}`)];
const STEPS = ['reading_minute', 'reading_quarter'];
/**
 * The curve of a session is one row: a row for each minute and each quarter, with its index entry, was a seventh of all that metering
 * spent in SQL. Quarters are the means of minutes, so they are not stored at all.
 *
 * Pods of the release before still read the two tables, which are views until the next release. They cannot draw into them: a session
 * whose curve they try to draw is due again ten minutes later.
 */
export class PackedCurves1796480000000 implements MigrationInterface {
  readonly name = 'PackedCurves1796480000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table session_curve (
      tenant text not null,
      session_id uuid not null,
      closed_at timestamptz not null,
      minute int[] not null,
      ${FIGURES.map(([column, type]) => `${column} ${type}[] not null`).join(', ')},
      constraint session_curve_pk primary key (tenant, session_id)
    )`);
    await tenantTable(queryRunner, 'session_curve');
    await queryRunner.query('create index session_curve_closed on session_curve (closed_at)');
    // Whoever draws meanwhile waits, and is refused then: nothing drawn is left behind.
    await queryRunner.query('lock table reading_minute in share mode');
    await queryRunner.query(
      `insert into session_curve (tenant, session_id, closed_at, minute, ${columns})
        select s.tenant, s.session_id, s.closed_at, ${PACKED.map((figure) => `array_agg(${figure} order by m.measured_at)`).join(', ')}
        from metered_session s join reading_minute m on m.tenant = s.tenant and m.session_id = s.session_id
        where s.closed_at is not null group by 1, 2, 3`,
    );
    for (const change of [MAKE, DROP_NOT_OPEN]) await queryRunner.query(readingsAlone(change));
    await queryRunner.query(`drop table ${STEPS.join(', ')}`);
    // Quarters as minutes: whoever reads them takes means of what is there.
    for (const view of STEPS)
      await queryRunner.query(`create view ${view} with (security_invoker = true) as
        select c.tenant, c.session_id, to_timestamp(p.minute * 60.0) as measured_at, ${FIGURES.map(([column]) => `p.${column}`).join(', ')}
        from session_curve c cross join lateral unnest(${['minute', ...FIGURES.map(([column]) => column)].map((column) => `c.${column}`).join(', ')})
          as p (minute, ${columns})`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [i, step] of STEPS.entries()) {
      const bin = i === 0 ? '1 minute' : '15 minutes';
      const figures = FIGURES.map(([column, type]) =>
        column === 'readings'
          ? 'sum(readings)::int as readings'
          : /^power/.test(column)
            ? `round(avg(${column}))::int as ${column}`
            : `max(${column})::${type} as ${column}`,
      );
      await queryRunner.query(`create table unpacked (
        tenant text not null,
        session_id uuid not null,
        measured_at timestamptz not null,
        ${FIGURES.map(([column, type]) => `${column} ${type}`).join(', ')},
        constraint ${step}_pk primary key (tenant, session_id, measured_at)
      ) partition by range (measured_at)`);
      await queryRunner.query('alter table unpacked alter column readings set not null');
      await queryRunner.query(`create table ${step}_other partition of unpacked default`);
      await queryRunner.query(
        `insert into unpacked (tenant, session_id, measured_at, ${columns})
          select tenant, session_id, date_bin('${bin}', measured_at, 'epoch') as measured_at, ${figures.join(', ')}
          from ${step} group by 1, 2, 3`,
      );
      await queryRunner.query(`drop view ${step}`);
      await queryRunner.query(`alter table unpacked rename to ${step}`);
      await tenantTable(queryRunner, step);
      await tenantTable(queryRunner, `${step}_other`);
    }
    await queryRunner.query('drop table session_curve');
    for (const change of [MAKE, DROP_NOT_OPEN]) await queryRunner.query(change);
  }
}

const MAKE = MAKE_READING_PARTITION.replace('create function', 'create or replace function');

/** The function that makes or drops months, with nothing to do for the curves: pods of the release before still ask it to. */
function readingsAlone(change: string): string {
  return change.replace(
    /if family not in \('reading', 'reading_minute', 'reading_quarter'\)/,
    `if family in ('reading_minute', 'reading_quarter') then
      return null;
    end if;
    if family <> 'reading'`,
  );
}
