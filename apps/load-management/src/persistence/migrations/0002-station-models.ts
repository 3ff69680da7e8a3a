import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a station is: some models need to be told their limit more often than others. */
export class StationModels1764800000000 implements MigrationInterface {
  readonly name = 'StationModels1764800000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table station add column vendor text not null default '', add column model text not null default ''`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table station drop column vendor, drop column model');
  }
}
