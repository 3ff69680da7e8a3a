import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { StationRepository, type Connection } from '../persistence/station.repository.js';
import { announceStation } from './announce-station.js';

/** A station came online or went offline, by the generation of its connection. */
@Injectable()
export class RecordConnection {
  constructor(private readonly stations: StationRepository) {}

  async record(tx: Tx, tenant: string, connection: Connection): Promise<void> {
    if (!isUuid(connection.stationId)) return;
    const result = await this.stations.recordConnection(tx, tenant, connection);
    if (result?.changed) announceStation(tx, result.station, result.location, connection.at);
  }
}
