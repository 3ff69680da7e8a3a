/**
 * A payout of the payment provider: one transfer to the bank for the payments, refunds and costs of some days. Each tenant gets what its
 * own payments come to. What belongs to no payment of ours (costs of the account, payouts made by hand, whose parts the provider does not
 * tell) is the tenant's who has the account, so that the shares are what arrived in the bank, to the cent.
 */
import { ZERO, type Decimal } from '@kilowatch/kernel';

/** One line of the provider's account statement. */
export interface PayoutPart {
  /** The payment it is about; undefined: none. */
  readonly paymentRef: string | undefined;
  readonly kind: 'PAYMENT' | 'REFUND' | 'CHARGEBACK' | 'COST' | 'OTHER';
  /** Signed: what it adds to the account before the fee. */
  readonly amount: Decimal;
  readonly fee: Decimal;
}

export interface PayoutShare {
  readonly tenant: string;
  /** What of the payout is theirs; below zero when they gave back more than they took. */
  readonly amount: Decimal;
  readonly payments: Decimal;
  readonly refunds: Decimal;
  /** What banks took back of payments, less what they gave back. */
  readonly chargebacks: Decimal;
  /** Corrections, and what nobody said. */
  readonly other: Decimal;
  /** Kept by the provider, those of the account itself (`costs`) too. */
  readonly fees: Decimal;
  /** Of `fees`: what no payment says, so that it was not booked yet. */
  readonly costs: Decimal;
  readonly transactions: number;
}

type Sum = 'payments' | 'refunds' | 'chargebacks' | 'other' | 'fees' | 'costs';

/** By tenant, in the order of their names; the owner of the account is always among them when something is left over. */
export function sharesOf(
  total: Decimal,
  parts: readonly PayoutPart[],
  owners: ReadonlyMap<string, string>,
  accountOwner: string,
): PayoutShare[] {
  const shares = new Map<string, PayoutShare>();
  const add = (tenant: string, part: Partial<Omit<PayoutShare, 'tenant'>>) => {
    const held = shares.get(tenant) ?? emptyShare(tenant);
    const sum = (of: Sum) => held[of].plus(part[of] ?? ZERO);
    const [payments, refunds, chargebacks] = [sum('payments'), sum('refunds'), sum('chargebacks')];
    const [other, fees, costs] = [sum('other'), sum('fees'), sum('costs')];
    shares.set(tenant, {
      ...{ tenant, payments, refunds, chargebacks, other, fees, costs },
      amount: payments.plus(refunds).plus(chargebacks).plus(other).minus(fees),
      transactions: held.transactions + (part.transactions ?? 0),
    });
  };
  for (const { paymentRef, kind, amount, fee } of parts) {
    const owner = paymentRef === undefined ? undefined : owners.get(paymentRef);
    const isCost = kind === 'COST';
    add(owner ?? accountOwner, {
      ...(kind === 'PAYMENT' ? { payments: amount } : {}),
      ...(kind === 'REFUND' ? { refunds: amount } : {}),
      ...(kind === 'CHARGEBACK' ? { chargebacks: amount } : {}),
      ...(kind === 'OTHER' ? { other: amount } : {}),
      fees: isCost ? fee.minus(amount) : fee,
      costs: isCost ? fee.minus(amount) : ZERO,
      transactions: 1,
    });
  }
  const told = [...shares.values()].reduce((sum, { amount }) => sum.plus(amount), ZERO);
  const rest = total.minus(told);
  if (!rest.eq('0')) add(accountOwner, { other: rest });
  return [...shares.values()].sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
}

const emptyShare = (tenant: string): PayoutShare => ({
  ...{
    tenant,
    amount: ZERO,
    payments: ZERO,
    refunds: ZERO,
    chargebacks: ZERO,
    other: ZERO,
    fees: ZERO,
    costs: ZERO,
    transactions: 0,
  },
});
