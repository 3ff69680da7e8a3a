import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { conflict, isUuid, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  counter,
  Database,
  idempotent,
  IDS,
  mayOn,
  tenantScope,
  type Principal,
} from '@kilowatch/platform';
import { disputeText, type Dispute, type DisputeReason } from '../domain/dispute.js';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import { findSession, lockSettling } from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions } from '../persistence/cdr.repository.js';
import { insertDispute } from '../persistence/dispute.repository.js';
import { findInvoiceOfCdr } from '../persistence/invoice.repository.js';
import { lockWallet } from '../persistence/ledger.repository.js';
import { unknownSession } from './unknown-session.js';

export interface DisputeRequest {
  readonly sessionId: string;
  readonly reason: DisputeReason;
  readonly text: string;
  readonly idempotencyKey: string;
}

/** A driver objects to the invoice of a session, or an operator for them. */
@Injectable()
export class OpenDispute {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * From here on the wallet pays that invoice no more, until it is decided. CONFLICT when the invoice was disputed before; PRECONDITION
   * when there is none.
   */
  async run(principal: Principal, input: DisputeRequest): Promise<void> {
    const { tenant } = principal;
    const { sessionId, reason, text } = input;
    if (!isUuid(sessionId)) throw unknownSession();
    const request = {
      operation: 'openDispute',
      subject: principal.accountId,
      key: input.idempotencyKey,
      argsHash: argsHash({ sessionId, reason, text }),
    };
    await this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockSettling(tx, tenant);
        const session = await findSession(tx, tenant, sessionId);
        const { snapshot } = session ?? {};
        const [cdr] = await findCdrsOfSessions(tx, tenant, [sessionId]);
        const billed = snapshot && { ...snapshot, ...(cdr && { accountId: cdr.accountId }) };
        if (!billed || !mayOn(principal, 'disputes:write', billed)) throw unknownSession();
        const words = disputeText(text);
        const invoice = cdr && (await findInvoiceOfCdr(tx, tenant, cdr.id));
        if (!invoice) {
          throw precondition('BILLING_NOTHING_TO_DISPUTE', 'There is no invoice of this session.');
        }
        const { accountId, number } = invoice;
        // A payment that is under way is made or not before this is true.
        lockWallet(tx, tenant, accountId);
        const dispute: Dispute = {
          ...{ id: this.ids.newId(), sessionId, invoiceId: invoice.id, accountId, reason, text: words },
          ...{ state: 'OPEN', openedAt: this.clock.now() },
          ...{ decidedAt: undefined, decidedBy: undefined, answer: undefined },
        };
        if (!(await insertDispute(tx, tenant, dispute))) {
          throw conflict('BILLING_DISPUTED', 'This invoice was disputed already.');
        }
        tx.publish(events.disputeOpened, {
          aggregateId: dispute.id,
          aggregateVersion: 1,
          occurredAt: dispute.openedAt,
          payload: { disputeId: dispute.id, sessionId, accountId, invoiceNumber: number, reason },
        });
        await nudgeFunds(tx, tenant, accountId);
        tx.live('session', sessionId);
        tx.afterCommit(() => counter('kw_disputes_total').inc({ state: 'OPEN' }));
        return dispute.id;
      }),
    );
  }
}
