import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { invalid, type IdSource, type TenantId } from '@kilowatch/kernel';
import { Database, IDS, tenantScope } from '@kilowatch/platform';
import { firmwareNews, speaksOf } from '../domain/firmware-update.js';
import { FirmwareUpdateRepository } from '../persistence/firmware-update.repository.js';
import { SituationRepository } from '../persistence/situation.repository.js';
import { ChangeFirmware } from './change-firmware.js';
import type { StationContact } from './record-station-message.js';

/** Firmware status of all versions. A station that speaks of an update nobody asked for here gets one on record. */
@Injectable()
export class RecordFirmwareStatus {
  constructor(
    private readonly database: Database,
    private readonly situations: SituationRepository,
    private readonly updates: FirmwareUpdateRepository,
    private readonly change: ChangeFirmware,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async record(
    tenant: TenantId,
    { stationId, receivedAt }: StationContact,
    { kind, status: word, requestId }: sessions.FirmwareStatus,
  ): Promise<void> {
    if (kind !== 'INSTALL' && kind !== 'PUBLISH') {
      throw invalid('SESSIONS_FIRMWARE_KIND', 'A firmware is installed or published.');
    }
    const news = firmwareNews(word);
    if (!news) return;
    // 0 is "no number" to some chargers (Q30).
    const number = requestId || undefined;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      this.situations.lockStation(tx, tenant, stationId);
      const row = await this.updates.spokenOf(tx, tenant, stationId, kind, number);
      const isMeant =
        row && (number !== undefined || speaksOf({ ...row, updatedAt: row.updated_at }, news, receivedAt));
      if (isMeant) return this.change.to(tx, tenant, row, news);
      return this.change.begin(tx, tenant, {
        id: this.ids.newId(),
        station_id: stationId,
        kind,
        request_id: number ?? null,
        location: '',
        signed: false,
        status: news,
        requested_by: '',
        requested_at: receivedAt,
        retrieve_at: null,
        install_at: null,
        updated_at: receivedAt,
        version: 1,
      });
    });
  }
}
