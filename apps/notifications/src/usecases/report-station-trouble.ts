import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { firmwareAlert, orphanAlert, securityAlert, stuckAlert } from '../domain/alert-for-event.js';
import { RaiseAlert } from './raise-alert.js';

/**
 * Tells the operators of security events and connectors that need somebody, of firmware that did not get where it was meant to be, and
 * of charges that belong to no session.
 */
@Injectable()
export class ReportStationTrouble {
  constructor(private readonly raise: RaiseAlert) {}

  async security(tx: Tx, event: sessions.SecurityEventRecorded, meta: EventMeta): Promise<void> {
    const alert = securityAlert(event, meta.occurredAt);
    if (alert) await this.raise.run(tx, meta.tenant, alert);
  }

  async stuck(tx: Tx, connector: sessions.ConnectorNeedsPerson, meta: EventMeta): Promise<void> {
    await this.raise.run(tx, meta.tenant, stuckAlert(connector, meta.occurredAt));
  }

  async orphan(tx: Tx, orphan: sessions.TransactionOrphaned, meta: EventMeta): Promise<void> {
    const alert = orphanAlert(orphan, meta.occurredAt);
    if (alert) await this.raise.run(tx, meta.tenant, alert);
  }

  async firmware(tx: Tx, update: sessions.FirmwareUpdateChanged, meta: EventMeta): Promise<void> {
    const alert = firmwareAlert(update, meta.occurredAt);
    if (alert) await this.raise.run(tx, meta.tenant, alert);
  }
}
