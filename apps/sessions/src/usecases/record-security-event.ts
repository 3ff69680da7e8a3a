import { Inject, Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import { isAppError, type IdSource, type TenantId } from '@kilowatch/kernel';
import { Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import { isCritical, needsAttention, type SecurityEvent } from '../domain/security-event.js';
import { SecurityEventRepository } from '../persistence/security-event.repository.js';
import { stationUnknown } from '../persistence/situation.repository.js';
import type { StationContact } from './record-station-message.js';
import { StationPlace } from './station-place.js';

const MAX_KIND = 50;
const MAX_INFO = 255;

/** SecurityEventNotification: kept once, and told to whoever listens when somebody should look at it. */
@Injectable()
export class RecordSecurityEvent {
  constructor(
    private readonly database: Database,
    private readonly rows: SecurityEventRepository,
    private readonly places: StationPlace,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async record(tenant: TenantId, contact: StationContact, told: sessions.SecurityEvent): Promise<void> {
    const { receivedAt } = contact;
    const event = {
      kind: told.kind.slice(0, MAX_KIND),
      techInfo: told.techInfo.slice(0, MAX_INFO),
      occurredAt: told.occurredAt ?? receivedAt,
    };
    await this.database.transaction(tenantScope(tenant), (tx) => this.add(tx, tenant, contact, event));
  }

  /** What we found ourselves; a station that is gone since has no log. */
  async found(tx: Tx, tenant: string, stationId: string, event: SecurityEvent): Promise<void> {
    const { kind, techInfo, occurredAt } = event;
    const kept = { kind, techInfo: techInfo.slice(0, MAX_INFO), occurredAt };
    await this.add(tx, tenant, { stationId, receivedAt: occurredAt }, kept).catch((error: unknown) => {
      if (!isAppError(error) || error.kind !== 'NOT_FOUND') throw error;
    });
  }

  private async add(
    tx: Tx,
    tenant: string,
    { stationId, receivedAt }: Pick<StationContact, 'stationId' | 'receivedAt'>,
    event: SecurityEvent,
  ): Promise<void> {
    const id = this.ids.newId();
    const added = await this.rows.add(tx, tenant, { id, stationId, receivedAt }, event);
    if (added === 'no_station') throw stationUnknown(stationId);
    if (added === 'known') return;
    const place = await this.places.of(tx, tenant, stationId);
    tx.publish(events.securityEventRecorded, {
      aggregateId: id,
      aggregateVersion: 1,
      occurredAt: event.occurredAt,
      payload: {
        securityEventId: id,
        stationId,
        kind: event.kind,
        critical: isCritical(event.kind),
        needsAttention: needsAttention(event.kind),
        techInfo: event.techInfo,
        receivedAt,
        ...place,
      },
    });
    tx.live('station', stationId);
  }
}
