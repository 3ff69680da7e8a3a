import { waitFor } from '@kilowatch/testing';
import pg from 'pg';

/** Looks in a row that find nothing to do, a quarter of a second apart: an event may be between two outboxes. */
const CALM_LOOKS = 8;

/** Resolves when every outbox is empty and stays so: the events a load or a fault caused are dealt with. */
export async function quietSystem(adminUrl: string, timeoutMs = 120_000): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const schemas = await schemasWith(client, 'outbox');
    let calm = 0;
    const look = async () => {
      let pending = 0;
      for (const schema of schemas) {
        const { rows } = await client.query<{ n: number }>(
          `select count(*)::int as n from "${schema}".outbox where published_at is null`,
        );
        pending += rows[0]?.n ?? 0;
      }
      calm = pending === 0 ? calm + 1 : 0;
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
