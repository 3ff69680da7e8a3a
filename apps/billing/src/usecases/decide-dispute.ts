import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { conflict, invalid, isUuid, notFound, type Clock, type Decimal } from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  counter,
  Database,
  idempotent,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import { decidedReason, type DecisionKind } from '../domain/decision.js';
import type { Dispute } from '../domain/dispute.js';
import { lockSettling } from '../persistence/billed-session.repository.js';
import { closeDispute, findDisputeForUpdate } from '../persistence/dispute.repository.js';
import { findInvoices } from '../persistence/invoice.repository.js';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import { lockWallet } from '../persistence/ledger.repository.js';
import { MakePayment } from './cards/make-payment.js';
import { checkedChange, CorrectBill } from './correct-bill.js';
import { PayInvoice } from './pay-invoice.js';

export interface DisputeDecision {
  readonly disputeId: string;
  readonly decision: 'ACCEPT' | 'REJECT';
  /** With ACCEPT: what the bill is to be. */
  readonly correction?: DecisionKind | null;
  readonly energyWh?: number | null;
  readonly totalInclVat?: Decimal | null;
  /** The driver reads it. */
  readonly answer: string;
  readonly idempotencyKey: string;
}

/** An operator answers a dispute. */
@Injectable()
export class DecideDispute {
  constructor(
    private readonly database: Database,
    private readonly correct: CorrectBill,
    private readonly payInvoice: PayInvoice,
    private readonly payments: MakePayment,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Accepted: the invoice is taken back and what is right follows, in one transaction. Rejected: it stands, and is paid from the wallet
   * if that has the money. CONFLICT when it was decided already. Answers with the session.
   */
  async run(principal: Principal, input: DisputeDecision): Promise<string> {
    const { tenant, accountId: decidedBy } = principal;
    const { disputeId, decision } = input;
    if (!isUuid(disputeId)) throw unknownDispute();
    const answer = decidedReason(input.answer);
    const change = changeOf(input, answer);
    const request = {
      operation: 'decideDispute',
      subject: decidedBy,
      key: input.idempotencyKey,
      argsHash: argsHash({
        disputeId,
        decision,
        answer,
        ...change,
        inclVat: change?.inclVat?.toFixed() ?? null,
      }),
    };
    const { sessionId } = await this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockSettling(tx, tenant);
        const dispute = await this.open(tx, tenant, disputeId);
        const decided: Dispute = {
          ...dispute,
          state: change ? 'ACCEPTED' : 'REJECTED',
          ...{ decidedAt: this.clock.now(), decidedBy, answer },
        };
        await closeDispute(tx, tenant, decided);
        if (change) await this.correct.apply(tx, tenant, dispute.sessionId, change, decidedBy);
        else await this.collect(tx, tenant, dispute);
        await this.announce(tx, tenant, decided);
        return { sessionId: dispute.sessionId };
      }),
    );
    return sessionId;
  }

  private async open(tx: Tx, tenant: string, disputeId: string): Promise<Dispute> {
    const dispute = await findDisputeForUpdate(tx, tenant, disputeId);
    if (!dispute) throw unknownDispute();
    if (dispute.state !== 'OPEN') {
      throw conflict(
        'BILLING_DISPUTE_DECIDED',
        'Somebody has decided this already. Look at the dispute again.',
      );
    }
    return dispute;
  }

  /** The money may have been there all the while. */
  private async collect(tx: Tx, tenant: string, { invoiceId, accountId }: Dispute): Promise<void> {
    const invoice = (await findInvoices(tx, tenant, [invoiceId]))[0]!;
    lockWallet(tx, tenant, accountId);
    await this.payments.restOf(tx, invoice);
    await this.payInvoice.openInvoices(tx, tenant, accountId, invoice.currency);
    await nudgeFunds(tx, tenant, accountId);
  }

  private async announce(tx: Tx, tenant: string, dispute: Dispute): Promise<void> {
    const { id, sessionId, accountId, invoiceId, state, decidedAt } = dispute;
    const { number } = (await findInvoices(tx, tenant, [invoiceId]))[0]!;
    tx.publish(events.disputeDecided, {
      aggregateId: id,
      aggregateVersion: 2,
      occurredAt: decidedAt!,
      payload: { disputeId: id, sessionId, accountId, invoiceNumber: number, state },
    });
    tx.live('session', sessionId);
    tx.afterCommit(() => counter('kw_disputes_total').inc({ state }));
  }
}

function changeOf(input: DisputeDecision, reason: string) {
  const correction = input.correction ?? undefined;
  if ((input.decision === 'ACCEPT') !== (correction !== undefined)) {
    throw invalid('BILLING_DISPUTE_CORRECTION', 'Say what the bill is to be with ACCEPT, and only with it.');
  }
  return correction === undefined ? undefined : checkedChange({ ...input, correction, reason });
}

const unknownDispute = () => notFound('BILLING_DISPUTE', 'There is no such dispute.');
