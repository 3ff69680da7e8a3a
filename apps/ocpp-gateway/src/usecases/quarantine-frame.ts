import { createHash } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import type { IdSource } from '@kilowatch/kernel';
import { counter, tenantScope, type Database, type Logger } from '@kilowatch/platform';
import type { QuarantinedFrameRepository } from '../persistence/quarantined-frame.repository.js';
import type { StationCall } from './station-call.js';

export interface KeptFrame {
  readonly frameId: string;
  /** For a 1.6 StartTransaction: the id the charger is given. Null for all else. */
  readonly transactionRef: string | null;
}

/**
 * Keeps a transaction message that could not be understood or processed, as it came. The same content sent again (its answer
 * was lost) gives the same row and the same transaction id. Throws UNAVAILABLE when it cannot be stored.
 */
export class QuarantineFrame {
  constructor(
    private readonly database: Database,
    private readonly frames: QuarantinedFrameRepository,
    private readonly ids: IdSource,
    private readonly log: Logger,
  ) {}

  async keep(call: Omit<StationCall, 'payload' | 'memory'>, errorCode: string): Promise<KeptFrame> {
    const { station, action, text, receivedAt } = call;
    const needsReference = action === 'StartTransaction';
    const kept = await this.database.transaction(tenantScope(station.tenant), async (tx) => {
      const row = await this.frames.keep(tx, {
        tenant: station.tenant,
        frameId: this.ids.newId(),
        stationId: station.stationId,
        connectionId: station.connectionId,
        protocol: station.protocol,
        action,
        errorCode,
        digest: digestOf(action, text),
        text,
        transactionRef: needsReference ? String(this.ids.randomInt31()) : null,
        receivedAt,
      });
      if (row.isNew) {
        tx.publish(events.frameQuarantined, {
          aggregateId: row.frameId,
          aggregateVersion: 1,
          occurredAt: receivedAt,
          payload: { frameId: row.frameId, stationId: station.stationId, action, errorCode, receivedAt },
        });
      }
      return row;
    });
    counter('kw_ocpp_quarantined_total').inc({ action });
    const { tenant, stationId } = station;
    this.log.error(
      { alert: 'frame_quarantined', tenant, stationId, action, errorCode, frameId: kept.frameId },
      'frame quarantined',
    );
    return kept;
  }
}

/** Of the content without the message id, which changes when a charger tries again. */
function digestOf(action: string, text: string): Buffer {
  const content = text.slice(Math.max(0, text.indexOf(action)));
  return createHash('sha256').update(content).digest();
}
