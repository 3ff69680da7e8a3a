import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { faultAlert } from '../domain/alert-for-event.js';
import { recordConnectorState } from '../persistence/connector-fault.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Tells the operators when a connector goes faulty: once, until it has left that state. */
@Injectable()
export class ReportFault {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, connector: sessions.ConnectorStatusChanged, meta: EventMeta): Promise<void> {
    const { tenant, aggregateVersion: version } = meta;
    const { connectorId } = connector;
    const faulted = connector.status === 'FAULTED';
    const began = await recordConnectorState(tx, tenant, { connectorId, faulted, version });
    if (began) await this.raise.run(tx, tenant, faultAlert(connector, version, meta.occurredAt));
  }
}
