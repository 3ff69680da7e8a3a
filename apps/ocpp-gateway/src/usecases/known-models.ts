import { findStationModel, UNKNOWN_MODEL, type StationModel } from '@kilowatch/ocpp';
import { tenantScope, type Database, type Logger } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { Station } from '../domain/station.js';
import type { SaidModel, StationModelRepository } from '../persistence/station-model.repository.js';

type Whose = Pick<Station, 'tenant' | 'stationId'>;

const REMEMBERED = 20_000;

/**
 * What is known of the models of our stations (docs/ocpp-notes.md rule 8). A station says what it is when it boots, and many
 * come back without booting: so it is kept. Never rejects: while the database is away a station is taken as one nobody knows.
 */
export class KnownModels {
  private readonly said = new LRUCache<string, SaidModel | 'nothing'>({ max: REMEMBERED });

  constructor(
    private readonly database: Database,
    private readonly rows: StationModelRepository,
    private readonly log: Logger,
  ) {}

  /** What a BootNotification said. */
  async learn(station: Whose, said: SaidModel, at: Date): Promise<void> {
    const held = this.said.get(keyOf(station));
    this.said.set(keyOf(station), said);
    if (typeof held === 'object' && held.vendor === said.vendor && held.model === said.model) return;
    const { tenant, stationId } = station;
    try {
      await this.database.transaction(tenantScope(tenant), (tx) =>
        this.rows.save(tx, tenant, stationId, said, at),
      );
    } catch (err) {
      this.log.warn({ err, tenant, stationId }, 'model of a station not noted');
    }
  }

  async of(station: Whose): Promise<StationModel> {
    const said = await this.saidBy(station);
    return said ? findStationModel(said.vendor, said.model) : UNKNOWN_MODEL;
  }

  private async saidBy(station: Whose): Promise<SaidModel | undefined> {
    const key = keyOf(station);
    const held = this.said.get(key);
    if (held !== undefined) return held === 'nothing' ? undefined : held;
    const { tenant, stationId } = station;
    try {
      const found = await this.database.read(tenantScope(tenant), (tx) =>
        this.rows.find(tx, tenant, stationId),
      );
      // A boot may have been quicker.
      if (!this.said.has(key)) this.said.set(key, found ?? 'nothing');
      return found;
    } catch (err) {
      this.log.warn({ err, tenant, stationId }, 'model of a station not read');
      return undefined;
    }
  }
}

function keyOf({ tenant, stationId }: Whose): string {
  return `${tenant}\n${stationId}`;
}
