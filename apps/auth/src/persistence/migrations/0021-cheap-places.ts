import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows that each use of a card changes again: with room on their pages, and no index on what changes each time, the new version stays
 * beside the old one and no index is touched. `accepted_on`: the day (UTC) of `accepted_at`. Rows of before get the day of the migration,
 * which only means that they are looked at.
 */
export class CheapPlaces1765100021000 implements MigrationInterface {
  readonly name = 'CheapPlaces1765100021000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table token_place add column if not exists accepted_on date not null default (now() at time zone 'UTC')::date`,
    );
    await queryRunner.query('alter table token_place set (fillfactor = 80)');
    await queryRunner.query('alter table attempt_history set (fillfactor = 60)');
    await queryRunner.query('drop index concurrently if exists token_place_day');
    await queryRunner.query(
      'create index concurrently token_place_day on token_place (tenant, station_id, accepted_on)',
    );
    await queryRunner.query('drop index concurrently if exists token_place_station');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'create index token_place_station on token_place (tenant, station_id, accepted_at)',
    );
    await queryRunner.query('drop index token_place_day');
    await queryRunner.query('alter table attempt_history reset (fillfactor)');
    await queryRunner.query('alter table token_place reset (fillfactor)');
    await queryRunner.query('alter table token_place drop column accepted_on');
  }
}
