import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { Clock, TenantId } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { DisplayMessageRepository } from '../persistence/display-message.repository.js';
import { SituationRepository } from '../persistence/situation.repository.js';
import type { StationContact } from './record-station-message.js';

/** NotifyDisplayMessages: pages have no numbers, so each only adds; the last one drops what no page named. */
@Injectable()
export class RecordDisplayMessages {
  constructor(
    private readonly database: Database,
    private readonly situations: SituationRepository,
    private readonly messages: DisplayMessageRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    tenant: TenantId,
    { stationId }: StationContact,
    { requestId, last, messages }: sessions.DisplayMessages,
  ): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      this.situations.lockStation(tx, tenant, stationId);
      await this.situations.requireKnown(tx, tenant, stationId);
      const rows = messages.map((message) => ({
        number: message.messageNumber,
        priority: message.priority,
        state: message.state,
        format: message.format,
        language: message.language,
        content: message.content,
        start_at: message.startAt ?? null,
        end_at: message.endAt ?? null,
        transaction_ref: message.transactionRef,
        updated_at: now,
      }));
      // Pages of an older question, or of somebody else's: what they name is shown, what they leave out is not known.
      await this.messages.save(tx, tenant, stationId, rows, requestId);
      if (last) await this.messages.endRefresh(tx, tenant, stationId, requestId, now);
      tx.live('station', stationId);
    });
  }
}
