import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions that share too little take turns: since when each goes on or waits. */
export class Turns1765100000000 implements MigrationInterface {
  readonly name = 'Turns1765100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table session_limit add column turned_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table session_limit drop column turned_at');
  }
}
