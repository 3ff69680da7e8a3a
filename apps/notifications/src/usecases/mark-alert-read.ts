import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { findAlert, markRead } from '../persistence/alert.repository.js';
import { inWords, readerOf, type AlertView } from './view-alerts.js';

/** Marks an alert read for this person; a second time changes nothing. NOT_FOUND for another's alert. */
@Injectable()
export class MarkAlertRead {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  run(principal: Principal, alertId: string): Promise<AlertView> {
    return this.database.transaction(tenantScope(principal.tenant), async (tx) => {
      const reader = await readerOf(tx, principal);
      if (!(await findAlert(tx, reader, alertId)))
        throw notFound('NOTIFICATIONS_ALERT', 'There is no such alert.');
      await markRead(tx, principal.tenant, alertId, principal.accountId, this.clock.now());
      const alert = await findAlert(tx, reader, alertId);
      return (await inWords(tx, reader, [alert!]))[0]!;
    });
  }
}
