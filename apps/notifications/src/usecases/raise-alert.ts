import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, IDS, type ConfigOf, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { OPERATORS, SEVERITIES, type AlertIntent } from '../domain/alert.js';
import { isEnabled, type AlertChannel } from '../domain/preference.js';
import { findAccount, findOperators, type Account } from '../persistence/account.repository.js';
import { insertAlert } from '../persistence/alert.repository.js';
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
    if (!(await insertAlert(tx, tenant, { ...intent, id, severity }))) return;
    const inApp = await this.deliver(tx, tenant, intent, id);
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
  private async deliver(tx: Tx, tenant: string, intent: AlertIntent, alertId: string): Promise<boolean> {
    const now = this.clock.now();
    const people = await readersOf(tx, tenant, intent.recipient);
    const chosen = await findPreferences(tx, tenant, [
      intent.recipient,
      ...people.map((person) => person.accountId),
    ]);
    const wants = (accountId: string, channel: AlertChannel) =>
      isEnabled(chosen.get(accountId) ?? [], intent.kind, channel);
    const inApp = intent.recipient === OPERATORS || wants(intent.recipient, 'IN_APP');
    const byMail = this.mails
      ? people.filter((person) => person.email && wants(person.accountId, 'EMAIL'))
      : [];
    const row = { alertId, sentAt: undefined, dueAt: undefined };
    await insertDeliveries(tx, tenant, [
      ...(inApp
        ? [
            {
              ...row,
              id: this.ids.newId(),
              recipient: intent.recipient,
              channel: 'IN_APP' as const,
              state: 'SENT' as const,
              sentAt: now,
            },
          ]
        : []),
      ...byMail.map((person) => ({
        ...row,
        id: this.ids.newId(),
        recipient: person.accountId,
        channel: 'EMAIL' as const,
        state: 'PENDING' as const,
        dueAt: now,
      })),
    ]);
    return inApp;
  }
}

async function readersOf(tx: Tx, tenant: string, recipient: string): Promise<Account[]> {
  if (recipient === OPERATORS) return findOperators(tx, tenant);
  const account = await findAccount(tx, tenant, recipient);
  return account?.active ? [account] : [];
}
