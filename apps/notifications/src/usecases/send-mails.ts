import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { notFound, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { delayAfter, isOvertaken, LEASE_MS, MOST_ATTEMPTS, patienceFor } from '../domain/delivery.js';
import { lease, report, takeDue, type DueDelivery } from '../persistence/delivery.repository.js';
import { ComposeMail } from './compose-mail.js';
import { Mailer } from './mailer.js';

const MOST_IN_FLIGHT = 20;
/** What auth says of a link that opens nothing any more: a later mail has the one that does. */
const LINK_GONE = 'AUTH_LINK';

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

  constructor(
    private readonly database: Database,
    private readonly mailer: Mailer,
    private readonly compose: ComposeMail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  sideBySide({ id }: DueDelivery): string {
    return id;
  }

  take(tx: Tx, now: Date, limit: number): Promise<DueDelivery[]> {
    return this.inFlight.atMost(MOST_IN_FLIGHT, limit, (room) => takeDue(tx, now, room));
  }

  async run(tx: Tx, row: DueDelivery, now: Date): Promise<void> {
    // The last attempt began and never reported back.
    if (row.attempts >= MOST_ATTEMPTS[patienceOf(row)])
      return this.record(tx, row, 'FAILED', { error: 'NO_OUTCOME' });
    if (!mayBeSent(row)) return this.record(tx, row, 'FAILED', { error: 'NO_ADDRESS' });
    if ('kind' in row.content && isOvertaken(row.content.kind, row.content.sessionEnded))
      return this.record(tx, row, 'FAILED', { error: 'OVERTAKEN' });
    await lease(tx, row.tenant, { id: row.id, until: new Date(now.getTime() + LEASE_MS) });
    const attempt = { ...row, attempts: row.attempts + 1 };
    tx.afterCommit(() => this.begin(attempt));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.inFlight.idle();
  }

  private begin(attempt: DueDelivery): void {
    const sending = this.send(attempt).catch((err: unknown) =>
      this.log.error({ err, deliveryId: attempt.id }, 'outcome of a mail not recorded'),
    );
    void this.inFlight.add(sending);
  }

  private async send(attempt: DueDelivery): Promise<void> {
    const failure = await this.attempt(attempt).then(
      () => undefined,
      (thrown: unknown) => ({ error: errorCode(thrown), isForGood: isRefusal(thrown) }),
    );
    await this.database.transaction(tenantScope(attempt.tenant), (tx) => {
      const now = this.clock.now();
      if (!failure) return this.record(tx, attempt, 'SENT', { sentAt: now });
      const { error, isForGood } = failure;
      this.log.warn({ deliveryId: attempt.id, attempt: attempt.attempts, error }, 'mail not sent');
      const delay =
        error === LINK_GONE
          ? undefined
          : delayAfter(attempt.attempts, isForGood ? 'SHORT' : patienceOf(attempt));
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

  private async attempt(delivery: DueDelivery): Promise<void> {
    if (!delivery.account) throw notFound('NOTIFICATIONS_ACCOUNT', 'The account is not known yet.');
    await this.mailer.send(await this.compose.run(delivery));
  }
}

/** Of a new account the mail may come before the account does: that is tried again. */
function mayBeSent({ account, content }: DueDelivery): boolean {
  return account ? account.active && account.email !== '' : 'accountMail' in content;
}

function patienceOf({ content }: DueDelivery) {
  return patienceFor('kind' in content ? content.kind : undefined);
}

/** The server took the mail or its reader, not us, for impossible (RFC 5321 4.2.1). It may be set up wrongly: it is asked a few times. */
function isRefusal(thrown: unknown): boolean {
  const { code, responseCode, rejected } = (thrown ?? {}) as Record<string, unknown>;
  const isAboutIt = code === 'EMESSAGE' || (code === 'EENVELOPE' && Array.isArray(rejected));
  return isAboutIt && typeof responseCode === 'number' && responseCode >= 500;
}

/** The kind of failure without the server's text, which may name the recipient. */
function errorCode(thrown: unknown): string {
  const { code, responseCode } = (thrown ?? {}) as { code?: unknown; responseCode?: unknown };
  return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'UNKNOWN';
}
