/** Reads about single stations that share a transaction, as one statement for all of them that ask the same. */
import { gathered, pgArray, type Tx } from '@kilowatch/platform';

/** The part between SELECT and WHERE, about the station `st`; in it, values stand as `StationValues` names them. */
export interface QueryOfStation {
  readonly columns: string;
  /** What `st` is joined with, may be empty. */
  readonly join: string;
}

type Type = 'text' | 'integer' | 'instant' | 'uuid' | 'bool';

const TYPES: Readonly<Record<Type, { sql: string; array: (values: readonly never[]) => Buffer }>> = {
  text: { sql: 'text', array: pgArray.text },
  integer: { sql: 'int', array: pgArray.int4 },
  instant: { sql: 'timestamptz', array: pgArray.timestamptz },
  uuid: { sql: 'uuid', array: pgArray.uuid },
  bool: { sql: 'bool', array: pgArray.bool },
};

interface Value {
  readonly type: Type;
  readonly value: unknown;
}

/** The values of one station's query, each used where it was made. */
export class StationValues {
  readonly all: Value[] = [];

  text(value: string): string {
    return this.add('text', value);
  }

  integer(value: number | null): string {
    return this.add('integer', value);
  }

  instant(value: Date): string {
    return this.add('instant', value);
  }

  uuid(value: string): string {
    return this.add('uuid', value);
  }

  bool(value: boolean): string {
    return this.add('bool', value);
  }

  private add(type: Type, value: unknown): string {
    this.all.push({ type, value });
    return `k.v${this.all.length}`;
  }
}

interface Asked {
  readonly stationId: string;
  readonly values: readonly Value[];
}

type Ask = (tx: Tx, tenant: string, asked: Asked) => Promise<Record<string, unknown> | undefined>;

/** By statement: their number is that of the kinds of questions. */
const asking = new Map<string, Ask>();

/** The row of the station; undefined: there is none of this id. One question about a station at a time. */
export async function askStation<Row>(
  tx: Tx,
  tenant: string,
  stationId: string,
  question: (values: StationValues) => QueryOfStation,
): Promise<Row | undefined> {
  const values = new StationValues();
  const query = question(values);
  const sql = statementOf(query, values.all);
  let ask = asking.get(sql);
  if (!ask) asking.set(sql, (ask = askTogether(sql)));
  return ask(tx, tenant, { stationId, values: values.all }) as Promise<Row | undefined>;
}

function statementOf({ columns, join }: QueryOfStation, values: readonly Value[]): string {
  const arrays = values.map(({ type }, index) => `$${index + 3}::${TYPES[type].sql}[]`);
  const names = values.map((_value, index) => `v${index + 1}`);
  return `SELECT st.id AS of_station, ${columns}
    FROM unnest(${['$2::uuid[]', ...arrays].join(', ')}) AS k (${['station_id', ...names].join(', ')})
    JOIN station st ON st.tenant = $1 AND st.id = k.station_id ${join}`;
}

function askTogether(sql: string): Ask {
  return gathered<Asked, Record<string, unknown>>(
    ({ stationId }) => stationId,
    async (tx, tenant, asked) => {
      const columns = asked[0]!.values.map(({ type }, index) =>
        TYPES[type].array(asked.map(({ values }) => values[index]!.value) as never[]),
      );
      const rows = await tx.query<Record<string, unknown>>(sql, [
        tenant,
        pgArray.uuid(asked.map(({ stationId }) => stationId)),
        ...columns,
      ]);
      return new Map(rows.map((row) => [row['of_station'] as string, row]));
    },
  );
}
