import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Partners are told again of places whose tariff changed because they joined a group or left it. Of the assignments and groups that are
 * there already nobody was told: they count as changed now.
 */
export class GroupChanges1796790000000 implements MigrationInterface {
  readonly name = 'GroupChanges1796790000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, column] of ADDED) {
      await queryRunner.query(`alter table ${table} add column ${column} timestamptz default now()`);
      await queryRunner.query(`alter table ${table} alter column ${column} drop default`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, column] of ADDED)
      await queryRunner.query(`alter table ${table} drop column ${column}`);
  }
}

const ADDED = [
  ['tariff_group', 'members_changed_at'],
  ['tariff_assignment', 'told_at'],
] as const;
