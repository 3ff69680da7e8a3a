import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/**
 * Curves of prices and the feeds that bring them. A price that is corrected is another revision of its stretch; nothing is overwritten.
 * `unit`: currency, `%` or `g/kWh`. Feeds of the source OWN are recorded by operators and never due.
 */
export class PriceFeeds1796741000000 implements MigrationInterface {
  readonly name = 'PriceFeeds1796741000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table price_feed (
        tenant text not null,
        source text not null,
        area text not null,
        unit text not null,
        time_zone text not null,
        publish_minute int not null,
        alert_minute int not null,
        version bigint not null,
        due_at timestamptz,
        attempts int not null,
        etags json not null,
        asked_at timestamptz,
        answered_at timestamptz,
        failure text,
        alerted_for text,
        created_by text not null,
        constraint price_feed_pk primary key (tenant, source, area)
      )`);
    await tenantTable(queryRunner, 'price_feed');
    await queryRunner.query('create index price_feed_due on price_feed (due_at) where due_at is not null');
    await queryRunner.query(`
      create table feed_price (
        tenant text not null,
        source text not null,
        area text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        revision int not null,
        value numeric not null,
        unit text not null,
        seen_at timestamptz not null,
        constraint feed_price_pk primary key (tenant, source, area, starts_at, revision)
      )`);
    await tenantTable(queryRunner, 'feed_price');
    await queryRunner.query('create index feed_price_old on feed_price (ends_at)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table feed_price');
    await queryRunner.query('drop table price_feed');
  }
}
