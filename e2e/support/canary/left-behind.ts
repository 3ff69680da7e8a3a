import { inflateRawSync } from 'node:zlib';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import type { System } from '@kilowatch/tools/system/start-system';

/** A piece of what a system leaves behind, and where it stands. */
export interface Piece {
  readonly place: string;
  readonly text: string;
}

interface Column {
  readonly table_schema: string;
  readonly table_name: string;
  readonly column_name: string;
}

/** Types that can hold no text of anybody's. */
const NO_TEXT = `'boolean', 'smallint', 'integer', 'bigint', 'uuid', 'date', 'timestamp with time zone', 'double precision'`;
/** Rows of a table that are read; a column of an honest run has far fewer. */
const MOST_ROWS = 50_000;

/** Every value of every column of every table, as a dump would have it, and the bytes of binary ones too. */
export async function databasePieces(url: string): Promise<Piece[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: columns } = await client.query<Column>(
      `select c.table_schema, c.table_name, c.column_name from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
       where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')
         and c.data_type not in (${NO_TEXT}) order by 1, 2, 3`,
    );
    const tables = new Map<string, Column[]>();
    for (const column of columns) {
      const table = `"${column.table_schema}"."${column.table_name}"`;
      tables.set(table, [...(tables.get(table) ?? []), column]);
    }
    const pieces: Piece[] = [];
    for (const [table, of] of tables) pieces.push(...(await tablePieces(client, table, of)));
    return pieces;
  } finally {
    await client.end();
  }
}

async function tablePieces(client: pg.Client, table: string, columns: readonly Column[]): Promise<Piece[]> {
  const names = columns.map(({ column_name: name }) => `"${name}"`).join(', ');
  const { rows } = await client.query<Record<string, unknown>>(
    `select ${names} from ${table} limit ${MOST_ROWS}`,
  );
  if (rows.length === MOST_ROWS) throw new Error(`${table} has more rows than are read`);
  return columns.flatMap(({ table_schema: schema, table_name: name, column_name: column }) =>
    rows.flatMap((row) =>
      textsOf(name.startsWith('wire_page') ? unpacked(row[column]) : row[column]).map((text) => ({
        place: `${schema}.${name}.${column}`,
        text,
      })),
    ),
  );
}

/** Pages of the frame trace may be deflated (apps/ocpp-gateway/src/domain/packed-page.ts): nothing would be found in them. */
function unpacked(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const [form] = value;
  if (form !== 0 && form !== 1) throw new Error(`a page of frames has the unknown form ${form}`);
  const content = value.subarray(1);
  return Buffer.from(form === 1 ? inflateRawSync(content) : content).toString();
}

function textsOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string') return [value];
  // Each byte a character: text within is found, and so are bytes.
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  // json and arrays, some of bytes.
  if (Array.isArray(value) && value.some((item) => item instanceof Uint8Array)) return value.flatMap(textsOf);
  return [JSON.stringify(value)];
}

/** Every message of every stream. */
export async function streamPieces(natsUrl: string): Promise<Piece[]> {
  const connection = await connect({ servers: natsUrl, timeout: 2_000, maxReconnectAttempts: 0 });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const pieces: Piece[] = [];
    for await (const { config, state } of manager.streams.list()) {
      for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1) {
        const message = await manager.streams.getMessage(config.name, { seq });
        if (!message) continue;
        const headers = [...message.header.keys()]
          .map((key) => `${key}: ${message.header.get(key)}`)
          .join('\n');
        const text = `${message.subject}\n${headers}\n${Buffer.from(message.data).toString('latin1')}`;
        pieces.push({ place: `stream ${config.name} ${message.subject}`, text });
      }
    }
    return pieces;
  } finally {
    await connection.close();
  }
}

/** What each service tells whoever scrapes it. */
export async function metricPieces(system: System): Promise<Piece[]> {
  const pages = Object.entries(system.addresses.http).map(async ([service, port]) => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    if (!response.ok) throw new Error(`${service} has no metrics: HTTP ${response.status}`);
    return { place: `metrics of ${service}`, text: await response.text() };
  });
  return Promise.all(pages);
}
