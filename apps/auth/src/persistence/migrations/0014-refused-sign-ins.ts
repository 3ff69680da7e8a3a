import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Refused sign-ins of the minutes under way, gathered until they are written into the audit log; and failures of guessers, which
 * all pods count together.
 */
export class RefusedSignIns1765100013200 implements MigrationInterface {
  readonly name = 'RefusedSignIns1765100013200';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table refused_sign_in (
        tenant text not null,
        minute timestamptz not null,
        target_kind text not null,
        target_id text not null,
        address text not null,
        why text not null,
        times int not null,
        constraint refused_sign_in_pk primary key (tenant, minute, target_kind, target_id, address, why)
      )`);
    await queryRunner.query('create index refused_sign_in_minute on refused_sign_in (minute)');
    await queryRunner.query(`
      create table failed_attempt (
        tenant text not null,
        key bytea not null,
        minute timestamptz not null,
        failures int not null,
        last_at timestamptz not null,
        constraint failed_attempt_pk primary key (tenant, key, minute)
      )`);
    await queryRunner.query('create index failed_attempt_minute on failed_attempt (minute)');
    for (const table of TABLES) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) await queryRunner.query(`drop table ${table}`);
  }
}

const TABLES = ['refused_sign_in', 'failed_attempt'];
