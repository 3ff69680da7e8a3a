import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { firmwareAfter, type FirmwareStatus } from '../domain/firmware-update.js';
import { FirmwareUpdateRepository, type FirmwareRow } from '../persistence/firmware-update.repository.js';
import { announceFirmware } from './announce-firmware.js';
import { StationPlace } from './station-place.js';

/** Moves an update on and tells of it, under the station's lock. */
@Injectable()
export class ChangeFirmware {
  constructor(
    private readonly updates: FirmwareUpdateRepository,
    private readonly places: StationPlace,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async begin(tx: Tx, tenant: string, row: FirmwareRow): Promise<void> {
    const place = await this.places.of(tx, tenant, row.station_id);
    await this.updates.add(tx, tenant, row);
    announceFirmware(tx, row, place);
  }

  /** Nothing when the news adds nothing: stations repeat themselves. */
  async to(tx: Tx, tenant: string, row: FirmwareRow, news: FirmwareStatus): Promise<void> {
    const status = firmwareAfter(row.status, news);
    if (status === row.status) return;
    const next = { ...row, status, updated_at: this.clock.now(), version: row.version + 1 };
    await this.updates.save(tx, tenant, next);
    announceFirmware(tx, next, await this.places.of(tx, tenant, row.station_id));
  }
}
