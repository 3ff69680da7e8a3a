import {
  refused,
  shortId,
  transaction,
  type FakeDispute,
  type FakeIntent,
  type FakeTransaction,
} from './stripe-objects.js';

/** What a chargeback costs, won or lost. */
const DISPUTE_FEE = 2_000;

/** What disputes have to do with the account. */
interface DisputedAccount {
  readonly now: () => number;
  readonly intentOf: (id: string) => FakeIntent;
  readonly announce: (type: string, object: object) => void;
  readonly move: (line: FakeTransaction) => void;
}

/** Cardholders of a pretended Stripe account who call their banks, and what the banks decide. */
export class StripeDisputes {
  readonly all = new Map<string, FakeDispute>();

  constructor(private readonly account: DisputedAccount) {}

  known(id: string): FakeDispute {
    const found = this.all.get(id);
    if (!found) throw refused('resource_missing', 404);
    return found;
  }

  /**
   * The cardholder asks the bank for the money: an inquiry takes nothing yet; else it is withdrawn at once, with the fee.
   * @param amount minor units; absent: all that was taken
   */
  open(
    paymentId: string,
    {
      amount,
      reason = 'fraudulent',
      inquiry = false,
      dueIn = 9 * 24 * 3_600,
    }: { amount?: number; reason?: string; inquiry?: boolean; dueIn?: number } = {},
  ): FakeDispute {
    const intent = this.account.intentOf(paymentId);
    const charge = intent.latest_charge;
    if (intent.status !== 'succeeded' || !charge) throw refused('charge_not_captured');
    const dispute: FakeDispute = {
      id: `du_${shortId()}`,
      object: 'dispute',
      amount: amount ?? charge.amount_captured,
      currency: intent.currency,
      charge: charge.id,
      payment_intent: intent.id,
      reason,
      created: this.account.now(),
      status: inquiry ? 'warning_needs_response' : 'needs_response',
      evidence_details: {
        due_by: this.account.now() + dueIn,
        submission_count: 0,
        has_evidence: false,
        past_due: false,
      },
      balance_transactions: [],
      metadata: {},
    };
    this.all.set(dispute.id, dispute);
    this.account.announce('charge.dispute.created', dispute);
    if (!inquiry) this.withdraw(dispute);
    return dispute;
  }

  /** What an inquiry became, when the bank takes the money after all. */
  escalate(id: string): FakeDispute {
    const dispute = this.known(id);
    dispute.status = 'needs_response';
    this.account.announce('charge.dispute.updated', dispute);
    this.withdraw(dispute);
    return dispute;
  }

  /** What is done at the provider's own desk. */
  submitEvidence(id: string): FakeDispute {
    const dispute = this.known(id);
    dispute.status = dispute.status.startsWith('warning_') ? 'warning_under_review' : 'under_review';
    dispute.evidence_details.submission_count += 1;
    dispute.evidence_details.has_evidence = true;
    this.account.announce('charge.dispute.updated', dispute);
    return dispute;
  }

  /** The bank has decided: who wins has the money again, and not the fee. */
  decide(id: string, status: 'won' | 'lost' | 'warning_closed'): FakeDispute {
    const dispute = this.known(id);
    dispute.status = status;
    this.account.announce('charge.dispute.closed', dispute);
    if (status === 'won') {
      this.move(dispute, dispute.amount, 0);
      this.account.announce('charge.dispute.funds_reinstated', dispute);
    }
    return dispute;
  }

  private withdraw(dispute: FakeDispute): void {
    this.move(dispute, -dispute.amount, DISPUTE_FEE);
    this.account.announce('charge.dispute.funds_withdrawn', dispute);
  }

  private move(dispute: FakeDispute, amount: number, fee: number): void {
    const { id, currency, payment_intent } = dispute;
    const source = { id, object: 'dispute', payment_intent };
    const line = transaction('adjustment', amount, fee, currency, source);
    dispute.balance_transactions.push(line);
    this.account.move(line);
  }
}
