import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { storableText, type TenantId } from '@kilowatch/kernel';
import { Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { CustomerInformationRepository } from '../persistence/customer-information.repository.js';
import type { StationContact } from './record-station-message.js';
import { requireNumber } from './transaction-request.js';

const MAX_DATA = 4_096;

/** NotifyCustomerInformation: a page once by its number, in any order. What nobody asked for here is not kept. */
@Injectable()
export class RecordCustomerInformation {
  constructor(
    private readonly database: Database,
    private readonly rows: CustomerInformationRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async record(
    tenant: TenantId,
    { stationId }: StationContact,
    { requestId, seqNo, last, data }: sessions.CustomerInformation,
  ): Promise<void> {
    requireNumber('SEQ_NO', seqNo);
    const kept = storableText(data).slice(0, MAX_DATA);
    const known = await this.database.transaction(tenantScope(tenant), (tx) =>
      this.rows.addPage(tx, tenant, stationId, { requestId, seqNo, last, data: kept }),
    );
    if (!known) this.log.info({ stationId, requestId }, 'customer information that nobody asked for');
  }
}
