import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Columns that hold documents and that no index is on: nothing ever compares their values. */
const DOCUMENTS = `SELECT c.relname AS "table", a.attname AS "column"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid IN ('json'::regtype, 'jsonb'::regtype, 'bytea'::regtype) AND coalesce(a.attstattarget, -1) <> 0
    AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey))
  ORDER BY 1, 2`;

/**
 * Takes columns of documents (JSON, bytes) out of ANALYZE: it would unpack and sort up to 30,000 of them each time a table has grown by
 * a tenth, for statistics that no plan uses. On tables that grow fast that was a fifth of all that Postgres did.
 */
export async function leaveOutDocuments(owner: DataSource, schema: string): Promise<void> {
  const columns: { table: string; column: string }[] = await owner.query(DOCUMENTS, [schema]);
  for (const { table, column } of columns) {
    const [of, name] = [table, column].map((text) => pg.escapeIdentifier(text));
    await owner.query(`ALTER TABLE ${of} ALTER COLUMN ${name} SET STATISTICS 0`);
  }
}
