import type { MigrationInterface, QueryRunner } from 'typeorm';

const BATCH = 5_000;

/**
 * Fills `invoiced_cdr` with the invoices of before, in batches that each commit: interrupted, it goes on where it was. A collective
 * invoice may have several credit notes and several disputes, one for each session.
 */
export class InvoicedCdrs1796731000000 implements MigrationInterface {
  readonly name = 'InvoicedCdrs1796731000000';
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    let last: Key | undefined = FIRST;
    while (last) last = await fillAfter(queryRunner, last);
    await queryRunner.query('drop index concurrently if exists invoice_credits');
    await queryRunner.query(
      'create index concurrently invoice_credits on invoice (tenant, credits_id) where credits_id is not null',
    );
    await queryRunner.query('drop index concurrently if exists invoice_credit');
    await queryRunner.query('drop index concurrently if exists dispute_invoice_session');
    await queryRunner.query(
      'create unique index concurrently dispute_invoice_session on dispute (tenant, invoice_id, session_id)',
    );
    // The name stays: pods of the version before insert by it.
    await queryRunner.query(`alter table dispute drop constraint dispute_invoice,
      add constraint dispute_invoice unique using index dispute_invoice_session`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table dispute drop constraint dispute_invoice,
      add constraint dispute_invoice unique (tenant, invoice_id)`);
    await queryRunner.query(
      'create unique index concurrently invoice_credit on invoice (tenant, credits_id) where credits_id is not null',
    );
    await queryRunner.query('drop index concurrently invoice_credits');
  }
}

interface Key {
  readonly tenant: string;
  readonly id: string;
}

const FIRST: Key = { tenant: '', id: '00000000-0000-0000-0000-000000000000' };

/** In the order of the primary key; answers with the last one of the batch. */
async function fillAfter(queryRunner: QueryRunner, after: Key): Promise<Key | undefined> {
  const rows = (await queryRunner.query(
    `with batch as (
        select tenant, id, cdr_id, session_id from invoice where (tenant, id) > ($1, $2::uuid) order by tenant, id limit ${BATCH}),
      filled as (
        insert into invoiced_cdr (tenant, cdr_id, invoice_id, session_id, position)
          select tenant, cdr_id, id, session_id, 1 from batch where cdr_id is not null on conflict do nothing)
      select tenant, id from batch order by tenant desc, id desc limit 1`,
    [after.tenant, after.id],
  )) as Key[];
  return rows[0];
}
