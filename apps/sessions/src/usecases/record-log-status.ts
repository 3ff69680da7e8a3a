import { Inject, Injectable } from '@nestjs/common';
import type { ocppGateway, sessions } from '@kilowatch/contracts';
import { isUuid, type Clock, type TenantId } from '@kilowatch/kernel';
import { CLOCK, Database, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { logAfter, logNews, type LogStatus } from '../domain/log-request.js';
import { LogRequestRepository, type LogRow } from '../persistence/log-request.repository.js';
import type { StationContact } from './record-station-message.js';

const MAX_DETAIL = 50;

/** What became of a log: by the station's word, and by the file that came. Repetitions cost one read (Q51). */
@Injectable()
export class RecordLogStatus {
  constructor(
    private readonly database: Database,
    private readonly logs: LogRequestRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async record(
    tenant: TenantId,
    { stationId }: StationContact,
    { status: word, requestId }: sessions.LogStatus,
  ): Promise<void> {
    const news = logNews(word);
    if (!news) return;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const row = await this.logs.lockSpokenOf(tx, tenant, stationId, requestId || undefined);
      if (row) await this.move(tx, tenant, row, news, { detail: word.slice(0, MAX_DETAIL) });
      else this.log.info({ stationId, requestId, word }, 'news of no log of ours');
    });
  }

  async uploaded(tx: Tx, tenant: string, file: ocppGateway.StationFileUploaded): Promise<void> {
    const row = isUuid(file.uploadId) ? await this.logs.lock(tx, tenant, file.uploadId) : undefined;
    if (!row) return;
    await this.move(tx, tenant, row, 'RECEIVED', {
      detail: '',
      file_name: file.fileName,
      size_bytes: String(file.sizeBytes),
    });
  }

  private async move(
    tx: Tx,
    tenant: string,
    row: LogRow,
    news: LogStatus,
    parts: Partial<LogRow>,
  ): Promise<void> {
    if (logAfter(row.status, news) === row.status) return;
    const version = row.version + 1;
    await this.logs.save(tx, tenant, {
      ...row,
      ...parts,
      status: news,
      updated_at: this.clock.now(),
      version,
    });
    tx.live('station', row.station_id);
  }
}
