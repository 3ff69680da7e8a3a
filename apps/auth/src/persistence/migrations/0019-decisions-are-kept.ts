import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Decisions are added only, as entries of the audit are: what was decided, and why, is what bills and disputes go back to. */
export class DecisionsAreKept1765100019000 implements MigrationInterface {
  readonly name = 'DecisionsAreKept1765100019000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create function authorization_decision_is_kept() returns trigger language plpgsql as $$
      begin
        raise exception 'decisions are added to, never changed' using errcode = 'insufficient_privilege';
      end $$`);
    await queryRunner.query(`
      create trigger authorization_decision_is_kept before update or delete or truncate on authorization_decision
        for each statement execute function authorization_decision_is_kept()`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop trigger authorization_decision_is_kept on authorization_decision');
    await queryRunner.query('drop function authorization_decision_is_kept()');
  }
}
