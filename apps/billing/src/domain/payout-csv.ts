/** What a payment provider paid out, as a table for whoever keeps the bank's books: one line for each payout, the tenant's part of it. */
import { minorDigits, type Decimal } from '@kilowatch/kernel';
import { csv } from './csv.js';
import { dateOf } from './local-date.js';

export interface PayoutLine {
  readonly ref: string;
  readonly state: string;
  readonly toldAt: Date;
  readonly currency: string;
  readonly payments: Decimal;
  readonly refunds: Decimal;
  readonly chargebacks: Decimal;
  readonly other: Decimal;
  readonly fees: Decimal;
  readonly amount: Decimal;
  readonly payoutAmount: Decimal;
  readonly transactions: number;
}

const HEADER = [
  ...['day', 'reference', 'state', 'currency', 'payments', 'refunds', 'chargebacks'],
  ...['other', 'fees', 'amount', 'bank_received', 'transactions'],
] as const;

/** Days are those of the zone; amounts have the decimals of their currency. */
export function payoutsCsv(payouts: readonly PayoutLine[], timeZone: string): string {
  return csv(
    HEADER,
    payouts.map(({ ref, state, toldAt, currency, transactions, ...sums }) => {
      const money = (amount: Decimal) => amount.toFixed(minorDigits(currency));
      return [
        ...[dateOf(toldAt, timeZone), ref, state, currency, money(sums.payments), money(sums.refunds)],
        ...[
          money(sums.chargebacks),
          money(sums.other),
          money(sums.fees),
          money(sums.amount),
          money(sums.payoutAmount),
        ],
        String(transactions),
      ];
    }),
  );
}
