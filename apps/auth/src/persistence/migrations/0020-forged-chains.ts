import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

/** What was shown for a contract and was not what it claimed, as it was shown: evidence for people (usecases/forged-chains.ts). */
export class ForgedChains1765100020000 implements MigrationInterface {
  readonly name = 'ForgedChains1765100020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table forged_chain (
        tenant text not null,
        id uuid not null,
        token_hash text not null,
        token_masked text not null,
        station_id uuid not null,
        reason text not null,
        serial text not null,
        pem text not null,
        hash_data text not null,
        digest bytea not null,
        times int not null,
        first_seen timestamptz not null,
        last_seen timestamptz not null,
        kept_until timestamptz not null,
        constraint forged_chain_pk primary key (tenant, id),
        constraint forged_chain_shown unique (tenant, station_id, digest)
      )`);
    await queryRunner.query('create index forged_chain_token on forged_chain (tenant, token_hash, id)');
    await queryRunner.query('create index forged_chain_kept on forged_chain (kept_until)');
    await tenantTable(queryRunner, 'forged_chain');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table forged_chain');
  }
}
