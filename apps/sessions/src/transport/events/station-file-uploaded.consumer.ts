import { Injectable } from '@nestjs/common';
import { events, type ocppGateway } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { RecordLogStatus } from '../../usecases/record-log-status.js';

@Injectable()
export class StationFileUploadedConsumer implements EventHandler<ocppGateway.StationFileUploaded> {
  readonly event = events.stationFileUploaded;

  constructor(private readonly logs: RecordLogStatus) {}

  handle(tx: Tx, payload: ocppGateway.StationFileUploaded, meta: EventMeta): Promise<void> {
    return this.logs.uploaded(tx, meta.tenant, payload);
  }
}
