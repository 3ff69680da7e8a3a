import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, IDS, type ConfigOf, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { OPERATORS, SEVERITIES, type AlertIntent } from '../domain/alert.js';
import { isEnabled, type AlertChannel, type AlertPreference } from '../domain/preference.js';
import { findOperators, type Account } from '../persistence/account.repository.js';
import { insertAlert, type Recipient } from '../persistence/alert.repository.js';
import { insertDeliveries } from '../persistence/delivery.repository.js';
import { findPreferences } from '../persistence/preference.repository.js';

/** Writes an alert and its deliveries in the transaction of the event it comes from: never twice for one cause. */
@Injectable()
export class RaiseAlert {
  private readonly mails: boolean;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(CONFIG) config: ConfigOf<typeof configShape>,
  ) {
    this.mails = config.KW_SMTP_URL !== undefined;
  }

  async run(tx: Tx, tenant: string, intent: AlertIntent | undefined): Promise<void> {
    if (!intent) return;
    const id = this.ids.newId();
    const severity = SEVERITIES[intent.kind];
    const recipient = await insertAlert(tx, tenant, { ...intent, id, severity });
    if (!recipient) return;
    const inApp = await this.deliver(tx, tenant, { ...intent, id }, recipient);
    tx.publish(events.alertRaised, {
      aggregateId: id,
      aggregateVersion: 1,
      occurredAt: intent.raisedAt,
      payload: {
        alertId: id,
        kind: intent.kind,
        severity,
        accountId: intent.recipient === OPERATORS ? '' : intent.recipient,
        sessionId: intent.sessionId,
        stationId: intent.stationId,
      },
    });
    if (inApp) tx.live('alert', id, undefined, tenant, intent.recipient);
  }

  /** True when it appears in the inbox. Operators have one common inbox row; each chooses when reading. */
  private async deliver(
    tx: Tx,
    tenant: string,
    alert: AlertIntent & { readonly id: string },
    recipient: Recipient,
  ): Promise<boolean> {
    const now = this.clock.now();
    const readers = await readersOf(tx, tenant, alert.recipient, recipient);
    const inApp = alert.recipient === OPERATORS || isEnabled(recipient.chosen, alert.kind, 'IN_APP');
    const byMail = this.mails
      ? readers.filter(({ account, chosen }) => account.email && isEnabled(chosen, alert.kind, 'EMAIL'))
      : [];
    const row = (to: string, channel: AlertChannel) => ({ id: this.ids.newId(), recipient: to, channel });
    await insertDeliveries(tx, tenant, {
      alertId: alert.id,
      deliveries: [
        ...(inApp
          ? [{ ...row(alert.recipient, 'IN_APP'), state: 'SENT' as const, sentAt: now, dueAt: undefined }]
          : []),
        ...byMail.map(({ account }) => ({
          ...row(account.accountId, 'EMAIL'),
          state: 'PENDING' as const,
          sentAt: undefined,
          dueAt: now,
        })),
      ],
    });
    return inApp;
  }
}

interface Reader {
  readonly account: Account;
  readonly chosen: readonly AlertPreference[];
}

async function readersOf(tx: Tx, tenant: string, to: string, recipient: Recipient): Promise<Reader[]> {
  const { account, chosen } = recipient;
  if (to !== OPERATORS) return account?.active ? [{ account, chosen }] : [];
  const operators = await findOperators(tx, tenant);
  const chosenBy = await findPreferences(
    tx,
    tenant,
    operators.map(({ accountId }) => accountId),
  );
  return operators.map((operator) => ({ account: operator, chosen: chosenBy.get(operator.accountId) ?? [] }));
}
