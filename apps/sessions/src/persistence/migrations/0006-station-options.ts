import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operators set for one station beside its settings, and what its device model says of costs: kept with the station, so that
 * each message finds it with what it reads anyway.
 */
export class StationOptions1764400000040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE station
      ADD COLUMN cost_wish text NOT NULL DEFAULT 'AUTO',
      ADD COLUMN cost_able boolean NOT NULL DEFAULT false,
      ADD COLUMN cost_currency text NOT NULL DEFAULT '',
      ADD COLUMN remote_start_tag text NOT NULL DEFAULT '',
      ADD COLUMN subprotocols text NOT NULL DEFAULT ''`);
    // Of the tag a station is told in place of the account's own (Q44); empty for most.
    await queryRunner.query("ALTER TABLE remote_start ADD COLUMN station_tag_hash text NOT NULL DEFAULT ''");
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE remote_start DROP COLUMN station_tag_hash');
    await queryRunner.query(`ALTER TABLE station DROP COLUMN subprotocols, DROP COLUMN remote_start_tag,
      DROP COLUMN cost_currency, DROP COLUMN cost_able, DROP COLUMN cost_wish`);
  }
}
