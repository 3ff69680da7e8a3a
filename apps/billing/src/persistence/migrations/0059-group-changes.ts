import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Partners are told again of places whose tariff changed because they joined a group or left it. */
export class GroupChanges1796790000000 implements MigrationInterface {
  readonly name = 'GroupChanges1796790000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table tariff_group add column members_changed_at timestamptz');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table tariff_group drop column members_changed_at');
  }
}
