import { waitFor } from '@kilowatch/testing';
import pg from 'pg';

/** Looks in a row that find nothing to do, a quarter of a second apart: an event may be between two outboxes. */
const CALM_LOOKS = 8;

/** Resolves when every outbox is empty and stays so: the events a load or a fault caused are dealt with. */
export async function quietSystem(adminUrl: string, timeoutMs = 120_000): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const schemas = await schemasWith(client, 'outbox');
    let calm = 0;
    if (schemas.length === 0) return;
    const waiting = schemas.map((schema) => `select from "${schema}".outbox where published_at is null`);
    const look = async () => {
      // By one statement, which is planned once: what looking costs is on the bill of a load.
      const { rows } = await client.query<{ pending: boolean }>({
        name: 'pending',
        text: `select exists (${waiting.join(' union all ')}) as pending`,
      });
      calm = rows[0]?.pending ? 0 : calm + 1;
      return calm >= CALM_LOOKS ? true : undefined;
    };
    await waitFor('the outboxes to be empty', look, { timeoutMs, everyMs: 250 });
  });
}

/** Every event that any service has set aside and nobody replayed or gave up, one line each. */
export async function deadLetters(adminUrl: string): Promise<string[]> {
  return withClient(adminUrl, async (client) => {
    const lines: string[] = [];
    for (const schema of await schemasWith(client, 'dead_letter')) {
      const { rows } = await client.query<{ line: string }>(
        `select '${schema} set aside ' || subject || ': ' || error_code || ' ' || error_text as line
           from "${schema}".dead_letter where replayed_at is null and discarded_at is null order by created_at`,
      );
      lines.push(...rows.map(({ line }) => line));
    }
    return lines;
  });
}

async function schemasWith(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(
    'select table_schema as schema from information_schema.tables where table_name = $1 order by 1',
    [table],
  );
  return rows.map(({ schema }) => schema);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
