import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantTable } from '@kilowatch/platform';

export class MachineClients1765100005040 implements MigrationInterface {
  readonly name = 'MachineClients1765100005040';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table machine_client (
        tenant text not null,
        id uuid not null,
        name text not null,
        scopes text[] not null,
        secret_hash bytea not null,
        previous_hash bytea,
        previous_until timestamptz,
        created_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        constraint machine_client_pk primary key (tenant, id),
        constraint machine_client_id unique (id)
      )`);
    await tenantTable(queryRunner, 'machine_client');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table machine_client');
  }
}
