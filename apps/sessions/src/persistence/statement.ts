/**
 * Writes of several kinds as one statement (data-modifying CTEs): a use case with four changes costs one round trip, and so do those of
 * all stations that share a transaction.
 */
import { groupBy } from '@kilowatch/kernel';
import { gathered, type Tx } from '@kilowatch/platform';

/** One kind of write, for any number of rows. */
export interface WritePart<Row> {
  /** Orders the parts, so that the same parts always make the same statement. */
  readonly name: string;
  /** `rows`: an expression of JSON, an array of `Row`. */
  readonly sql: (rows: string) => string;
  /** For the type alone. */
  readonly row?: Row;
}

interface Addition {
  readonly part: WritePart<unknown>;
  readonly rows: readonly unknown[];
}

interface Writes {
  readonly stationId: string;
  readonly additions: readonly Addition[];
}

export class WriteStatement {
  private readonly additions: Addition[] = [];

  add<Row>(part: WritePart<Row>, rows: readonly Row[]): void {
    if (rows.length > 0) this.additions.push({ part, rows });
  }

  /** Under the station's lock: what others write at the same time is about other stations. */
  async run(tx: Tx, tenant: string, stationId: string): Promise<void> {
    if (this.additions.length > 0) await together(tx, tenant, { stationId, additions: this.additions });
  }
}

const together = gathered<Writes>(
  ({ stationId }) => stationId,
  async (tx, _tenant, writes) => {
    const byPart = groupBy(
      writes.flatMap(({ additions }) => additions),
      ({ part }) => part,
    );
    const parts = [...byPart].sort(([a], [b]) => (a.name < b.name ? -1 : 1));
    const ctes = parts.map(([part], index) => `${part.name} AS (${part.sql(`$${index + 1}::json`)})`);
    await tx.query(
      `WITH ${ctes.join(',\n')} SELECT 1`,
      parts.map(([, additions]) => JSON.stringify(additions.flatMap(({ rows }) => rows))),
    );
  },
);
