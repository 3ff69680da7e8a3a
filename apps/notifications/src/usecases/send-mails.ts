import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type ConfigOf,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { mailText } from '../domain/alert-text.js';
import { delayAfter, LEASE_MS, MOST_ATTEMPTS } from '../domain/delivery.js';
import { lease, report, takeDue, type DueDelivery } from '../persistence/delivery.repository.js';
import { Mailer, type Mail } from './mailer.js';

const MOST_IN_FLIGHT = 20;

/**
 * Sends what is due. The attempt is leased and counted in one short transaction, the mail server is asked after its
 * commit, and the outcome is a second transaction: no database lock waits for a mail server.
 */
@Injectable()
export class SendMails implements DueWorkDefinition<DueDelivery>, BeforeApplicationShutdown {
  readonly name = 'send-mails';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly inFlight = new UnderWay();
  private readonly portal: string;

  constructor(
    private readonly database: Database,
    private readonly mailer: Mailer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) config: ConfigOf<typeof configShape>,
  ) {
    this.portal = config.KW_PORTAL_URL.replace(/\/$/, '');
  }

  sideBySide({ id }: DueDelivery): string {
    return id;
  }

  take(tx: Tx, now: Date, limit: number): Promise<DueDelivery[]> {
    const room = Math.min(limit, MOST_IN_FLIGHT - this.inFlight.size);
    return room > 0 ? takeDue(tx, now, room) : Promise.resolve([]);
  }

  async run(tx: Tx, row: DueDelivery, now: Date): Promise<void> {
    // The last attempt began and never reported back.
    if (row.attempts >= MOST_ATTEMPTS) return this.record(tx, row, 'FAILED', { error: 'NO_OUTCOME' });
    const mail = this.mailOf(row);
    if (!mail) return this.record(tx, row, 'FAILED', { error: 'NO_ADDRESS' });
    await lease(tx, row.tenant, { id: row.id, until: new Date(now.getTime() + LEASE_MS) });
    const attempt = { ...row, attempts: row.attempts + 1 };
    tx.afterCommit(() => this.begin(attempt, mail));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.inFlight.idle();
  }

  private begin(attempt: DueDelivery, mail: Mail): void {
    const sending = this.send(attempt, mail).catch((err: unknown) =>
      this.log.error({ err, deliveryId: attempt.id }, 'outcome of a mail not recorded'),
    );
    void this.inFlight.add(sending);
  }

  private async send(attempt: DueDelivery, mail: Mail): Promise<void> {
    const error = await this.mailer.send(mail).then(
      () => undefined,
      (thrown: unknown) => errorCode(thrown),
    );
    await this.database.transaction(tenantScope(attempt.tenant), (tx) => {
      const now = this.clock.now();
      if (error === undefined) return this.record(tx, attempt, 'SENT', { sentAt: now });
      this.log.warn({ deliveryId: attempt.id, attempt: attempt.attempts, error }, 'mail not sent');
      const delay = delayAfter(attempt.attempts);
      if (delay === undefined) return this.record(tx, attempt, 'FAILED', { error });
      return this.record(tx, attempt, 'PENDING', { error, dueAt: new Date(now.getTime() + delay) });
    });
  }

  private async record(
    tx: Tx,
    row: DueDelivery,
    state: 'PENDING' | 'SENT' | 'FAILED',
    more: { sentAt?: Date; dueAt?: Date; error?: string },
  ): Promise<void> {
    await report(tx, row, { state, ...more });
    counter('kw_notifications_total').inc({
      channel: 'EMAIL',
      outcome: state === 'PENDING' ? 'retry' : state.toLowerCase(),
    });
  }

  private mailOf({ id, alertId, kind, facts, account }: DueDelivery): Mail | undefined {
    if (!account?.active || !account.email) return undefined;
    const reader = { locale: account.locale, name: account.displayName };
    const { subject, text } = mailText(kind, facts, reader, `${this.portal}/alerts/${alertId}`);
    return { id, to: { name: account.displayName, address: account.email }, subject, text };
  }
}

/** The kind of failure without the server's text, which may name the recipient. */
function errorCode(thrown: unknown): string {
  const { code, responseCode } = (thrown ?? {}) as { code?: unknown; responseCode?: unknown };
  return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'UNKNOWN';
}
