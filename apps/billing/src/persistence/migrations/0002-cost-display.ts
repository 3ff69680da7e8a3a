import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Sessions at stations that show costs, while there is something to tell. told: the amount told last. lease tells one flight from
 * the next, and from an end that came in between.
 */
export class CostDisplay1764400000100 implements MigrationInterface {
  readonly name = 'CostDisplay1764400000100';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table cost_display (
      tenant text not null,
      session_id uuid not null,
      station_id uuid not null,
      transaction_ref text not null,
      currency text not null,
      told text not null,
      silent boolean not null,
      lease bigint not null,
      due_at timestamptz not null,
      constraint cost_display_pk primary key (tenant, session_id))`);
    await tenantTable(queryRunner, 'cost_display');
    await queryRunner.query('create index cost_display_due on cost_display (due_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table cost_display');
  }
}
