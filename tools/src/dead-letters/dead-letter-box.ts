import pg from 'pg';
import { schemaOf, SERVICES } from '../system/services.js';

export type LetterState = 'open' | 'requested' | 'replayed' | 'discarded';

/** An event that a service has set aside, as its own table holds it (libs/platform/src/inbox). */
export interface Letter {
  /** Who was to apply it. */
  readonly service: string;
  readonly id: string;
  readonly tenant: string;
  /** Whose event it is. */
  readonly source: string;
  readonly subject: string;
  readonly eventId: string | null;
  readonly errorKind: string;
  readonly errorCode: string;
  readonly errorText: string;
  readonly deliveries: number;
  readonly traceparent: string | null;
  readonly createdAt: Date;
  readonly ageSeconds: number;
  readonly state: LetterState;
}

const OPEN = 'replayed_at is null and discarded_at is null';
const COLUMNS = `id, tenant, source, subject, event_id as "eventId", error_kind as "errorKind", error_code as "errorCode",
  error_text as "errorText", deliveries, traceparent, created_at as "createdAt",
  extract(epoch from now() - created_at)::float8 as "ageSeconds",
  case when replayed_at is not null then 'replayed' when discarded_at is not null then 'discarded'
    when replay_requested_at is not null then 'requested' else 'open' end as state`;

/**
 * The dead letters of every service the database role may see: an administrator's sees all, the role of a service its own. Nothing is
 * applied here. A replay is a note in the row, which the service itself takes up: only it knows what the event means.
 */
export class DeadLetterBox {
  private constructor(
    private readonly client: pg.Client,
    /** By service. */
    private readonly schemas: ReadonlyMap<string, string>,
  ) {}

  static async open(url: string): Promise<DeadLetterBox> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ schema: string }>(
      `select table_schema as schema from information_schema.columns
        where table_name = 'dead_letter' and column_name = 'discarded_at' order by 1`,
    );
    return new DeadLetterBox(client, new Map(rows.map(({ schema }) => [serviceOf(schema), schema])));
  }

  get services(): readonly string[] {
    return [...this.schemas.keys()];
  }

  /** Oldest first; `all` has those replayed and discarded too. @throws when there is no such service here */
  async list(options: { service?: string | undefined; all?: boolean } = {}): Promise<Letter[]> {
    const { service, all = false } = options;
    if (service !== undefined && !this.schemas.has(service))
      throw new Error(`there is no service ${service} here: ${this.services.join(', ')}`);
    const letters: Letter[] = [];
    for (const name of service === undefined ? this.services : [service])
      letters.push(...(await this.read(name, `where $1 or (${OPEN})`, [all])));
    return letters.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  async find(id: string): Promise<Letter | undefined> {
    for (const name of this.services) {
      const [letter] = await this.read(name, 'where id = $1', [id]);
      if (letter) return letter;
    }
    return undefined;
  }

  async payload({ service, id }: Letter): Promise<Uint8Array> {
    const [row] = await this.rows<{ payload: Uint8Array }>(
      `select payload from ${this.table(service)} where id = $1`,
      [id],
    );
    return row?.payload ?? new Uint8Array();
  }

  /** Asks the letter's service to replay it. False: it was replayed or discarded. */
  async requestReplay(letter: Letter): Promise<boolean> {
    return this.mark(letter, 'replay_requested_at = coalesce(replay_requested_at, now())');
  }

  /** Gives a letter up; the row stays. False: it was replayed or discarded already. */
  async discard(letter: Letter): Promise<boolean> {
    return this.mark(letter, 'discarded_at = now(), replay_requested_at = null');
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private async mark({ service, id }: Letter, change: string): Promise<boolean> {
    const rows = await this.rows(
      `update ${this.table(service)} set ${change} where id = $1 and ${OPEN} returning id`,
      [id],
    );
    return rows.length > 0;
  }

  private async read(service: string, where: string, params: readonly unknown[]): Promise<Letter[]> {
    const rows = await this.rows<Omit<Letter, 'service'>>(
      `select ${COLUMNS} from ${this.table(service)} ${where}`,
      params,
    );
    return rows.map((row) => ({ service, ...row }));
  }

  /** Under the setting that shows every tenant to the role of a service (row-level security). */
  private async rows<R extends object>(sql: string, params: readonly unknown[]): Promise<R[]> {
    await this.client.query("begin; select set_config('kilowatch.tenant', '*', true)");
    try {
      const { rows } = await this.client.query<R>(sql, [...params]);
      await this.client.query('commit');
      return rows;
    } catch (error) {
      await this.client.query('rollback');
      throw error;
    }
  }

  private table(service: string): string {
    return `${pg.escapeIdentifier(this.schemas.get(service) ?? service)}.dead_letter`;
  }
}

function serviceOf(schema: string): string {
  return SERVICES.find(({ name }) => schemaOf(name) === schema)?.name ?? schema;
}
