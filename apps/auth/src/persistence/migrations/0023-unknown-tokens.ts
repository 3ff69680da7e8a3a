import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** Cards that nobody has, as they were presented: somebody may want to take one in. Bounded (persistence/unknown-token.repository.ts). */
export class UnknownTokens1796702100000 implements MigrationInterface {
  readonly name = 'UnknownTokens1796702100000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table unknown_token (
        tenant text not null,
        id uuid not null,
        token_hash bytea not null,
        value text not null,
        type text not null,
        first_seen timestamptz not null,
        last_seen timestamptz not null,
        times bigint not null,
        station_ids uuid[] not null,
        ignored_at timestamptz,
        constraint unknown_token_pk primary key (tenant, id),
        constraint unknown_token_hash unique (tenant, token_hash)
      )`);
    await queryRunner.query('create index unknown_token_seen on unknown_token (tenant, last_seen, id)');
    await tenantTable(queryRunner, 'unknown_token');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table unknown_token');
  }
}
