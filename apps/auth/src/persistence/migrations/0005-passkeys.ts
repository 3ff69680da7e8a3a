import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class Passkeys1765100005050 implements MigrationInterface {
  readonly name = 'Passkeys1765100005050';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table passkey (
        tenant text not null,
        id uuid not null,
        account_id uuid not null,
        credential_id text not null,
        public_key bytea not null,
        counter bigint not null,
        transports text[] not null,
        name text not null,
        backed_up boolean not null,
        created_at timestamptz not null,
        last_used_at timestamptz,
        constraint passkey_pk primary key (tenant, id),
        constraint passkey_credential unique (credential_id),
        constraint passkey_account foreign key (tenant, account_id) references account (tenant, id)
      )`);
    await queryRunner.query('create index passkey_by_account on passkey (tenant, account_id, id)');
    await tenantTable(queryRunner, 'passkey');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table passkey');
  }
}
