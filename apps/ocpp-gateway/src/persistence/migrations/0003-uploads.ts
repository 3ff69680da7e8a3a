import { tenantTable } from '@kilowatch/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that stations send us on request, in pieces: any pod can take one in and give it out. */
export class Uploads1764400000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await queryRunner.query(statement);
    for (const table of ['upload', 'upload_chunk']) await tenantTable(queryRunner, table);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE upload_chunk, upload');
  }
}

const STATEMENTS = [
  // attempt: a charger that broke off begins again; pieces of an attempt that was given up are no part of the file.
  `CREATE TABLE upload (
    tenant text NOT NULL,
    upload_id uuid NOT NULL,
    station_id uuid NOT NULL,
    token_hash text NOT NULL,
    state text NOT NULL,
    attempt integer NOT NULL DEFAULT 0,
    file_name text NOT NULL DEFAULT '',
    size_bytes bigint NOT NULL DEFAULT 0,
    chunks integer NOT NULL DEFAULT 0,
    sha256 text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    claimed_at timestamptz,
    stored_at timestamptz,
    CONSTRAINT upload_pk PRIMARY KEY (tenant, upload_id),
    CONSTRAINT upload_token_key UNIQUE (token_hash)
  )`,
  'CREATE INDEX upload_age_idx ON upload (opened_at)',
  `CREATE TABLE upload_chunk (
    tenant text NOT NULL,
    upload_id uuid NOT NULL,
    attempt integer NOT NULL,
    no integer NOT NULL,
    data bytea NOT NULL,
    CONSTRAINT upload_chunk_pk PRIMARY KEY (tenant, upload_id, attempt, no),
    CONSTRAINT upload_chunk_upload_fk FOREIGN KEY (tenant, upload_id) REFERENCES upload (tenant, upload_id)
      ON DELETE CASCADE
  )`,
  // Logs come packed: trying again costs time and saves nothing.
  'ALTER TABLE upload_chunk ALTER COLUMN data SET STORAGE EXTERNAL',
];
