import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The OCPI party that people of a partner belong to; empty for everybody else. */
export class AccountParty1765100008000 implements MigrationInterface {
  readonly name = 'AccountParty1765100008000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table account add column party text not null default ''`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table account drop column party');
  }
}
