import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A look that time asks for, not an event: at a stretch of charging, named by its beginning (device time, ms). */
export class Silence1764800000000 implements MigrationInterface {
  readonly name = 'Silence1764800000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table pending_judgement add column charging_since bigint');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table pending_judgement drop column charging_since');
  }
}
