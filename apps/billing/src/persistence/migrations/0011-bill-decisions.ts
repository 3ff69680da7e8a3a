import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** What persons decided about bills. Evidence: rows are added, never changed. */
export class BillDecisions1796660000000 implements MigrationInterface {
  readonly name = 'BillDecisions1796660000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create table bill_decision (tenant text not null,
      id uuid not null,
      session_id uuid not null,
      stage text not null,
      kind text not null,
      energy_mwh bigint,
      incl_vat numeric(20, 4),
      reason text not null,
      decided_by text not null,
      decided_at timestamptz not null,
      constraint bill_decision_pk primary key (tenant, id))`);
    await tenantTable(queryRunner, 'bill_decision');
    await queryRunner.query('create index bill_decision_session on bill_decision (tenant, session_id, id)');
    // A hold is decided once, whoever is quicker.
    await queryRunner.query(
      "create unique index bill_decision_hold on bill_decision (tenant, session_id) where stage = 'HOLD'",
    );
    await queryRunner.query(
      'create trigger bill_decision_immutable before update or delete on bill_decision execute function refuse_change()',
    );
    await queryRunner.query(
      'create index billed_session_held on billed_session (tenant, held_at, session_id) where hold_reason is not null',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index billed_session_held');
    await queryRunner.query('drop table bill_decision');
  }
}
