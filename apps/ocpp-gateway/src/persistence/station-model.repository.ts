import type { Tx } from '@kilowatch/platform';

export interface SaidModel {
  readonly vendor: string;
  readonly model: string;
}

/** All of it comes from the charger. */
const MAX_NAME = 255;

/** What stations said of themselves in their last BootNotification. */
export class StationModelRepository {
  async find(tx: Tx, tenant: string, stationId: string): Promise<SaidModel | undefined> {
    const rows = await tx.query<SaidModel>(
      'SELECT vendor, model FROM station_model WHERE tenant = $1 AND station_id = $2',
      [tenant, stationId],
    );
    return rows[0];
  }

  async save(tx: Tx, tenant: string, stationId: string, said: SaidModel, at: Date): Promise<void> {
    await tx.query(
      `INSERT INTO station_model AS held (tenant, station_id, vendor, model, said_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT ON CONSTRAINT station_model_pk
         DO UPDATE SET vendor = excluded.vendor, model = excluded.model, said_at = excluded.said_at
         WHERE held.said_at <= excluded.said_at`,
      [tenant, stationId, storable(said.vendor), storable(said.model), at],
    );
  }
}

/** Postgres text holds no NUL. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').slice(0, MAX_NAME);
}
