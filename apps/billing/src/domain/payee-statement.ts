/**
 * What the owner of a location gets of its revenue, month by month. A bill or credit note counts in the month in which it was issued, under
 * what was agreed for the month in which its session was first billed: a correction of an earlier month takes back what that month gave, in
 * the statement of its own. What is below zero is not asked back, it lessens the next statement. Amounts are before taxes.
 */
import {
  conflict,
  decimal,
  invalid,
  kwhDecimal,
  mwh,
  roundMoney,
  sumDecimals,
  ZERO,
  type Decimal,
} from '@kilowatch/kernel';
import type { CalendarMonth } from './calendar-month.js';
import { postBetween, type Posting, type PostingKey } from './ledger.js';

/** ENERGY_SHARE: per cent of the net price of the energy. PER_KWH, PER_SESSION: an amount. */
export type PayeeTermKind = 'ENERGY_SHARE' | 'PER_KWH' | 'PER_SESSION';

export interface PayeeTerm {
  readonly id: string;
  readonly locationId: string;
  readonly kind: PayeeTermKind;
  readonly value: Decimal;
  readonly firstMonth: CalendarMonth;
  readonly lastMonth: CalendarMonth | undefined;
}

/** What was billed at a location under a term. */
export interface StatedRevenue {
  readonly termId: string;
  readonly locationId: string;
  readonly locationName: string;
  readonly kind: PayeeTermKind;
  readonly value: Decimal;
  /** Of sessions first billed in an earlier month. */
  readonly correction: boolean;
  /** Less than zero where more was taken back than billed. */
  readonly sessions: number;
  readonly energyMwh: number;
  /** Net price of the energy. */
  readonly energyNet: Decimal;
}

export interface StatementLine extends StatedRevenue {
  readonly amount: Decimal;
}

export interface StatementFigures {
  readonly lines: readonly StatementLine[];
  /** From the statement before: zero or less. */
  readonly carriedIn: Decimal;
  /** Sum of the lines: what is owed for this month. */
  readonly earned: Decimal;
  /** To be paid: zero or more. */
  readonly due: Decimal;
  /** Into the next statement: zero or less. */
  readonly carriedOut: Decimal;
}

/** Undefined: nothing to state. */
export function statementOf(
  revenue: readonly StatedRevenue[],
  carriedIn: Decimal,
  currency: string,
): StatementFigures | undefined {
  const lines = revenue.map((one) => ({ ...one, amount: roundMoney(exactAmount(one), currency) }));
  if (lines.length === 0) return undefined;
  const earned = sumDecimals(lines.map(({ amount }) => amount));
  const total = earned.plus(carriedIn);
  const isOwed = total.gt('0');
  return { lines, carriedIn, earned, due: isOwed ? total : ZERO, carriedOut: isOwed ? ZERO : total };
}

function exactAmount({ kind, value, sessions, energyMwh, energyNet }: StatedRevenue): Decimal {
  if (kind === 'ENERGY_SHARE') return energyNet.times(value).times('0.01');
  if (kind === 'PER_SESSION') return decimal(String(sessions)).times(value);
  const kwh = kwhDecimal(mwh(Math.abs(energyMwh))).times(value);
  return energyMwh < 0 ? kwh.neg() : kwh;
}

const MOST: Readonly<Record<PayeeTermKind, string>> = {
  ENERGY_SHARE: '100',
  PER_KWH: '100',
  PER_SESSION: '1000',
};
const DIGITS = 6;

/** Throws INVALID for a value that is none, CONFLICT for two terms of one kind at one location in one month. */
export function checkTerm(term: Omit<PayeeTerm, 'id'>, held: readonly PayeeTerm[]): void {
  const { kind, value, locationId, firstMonth, lastMonth } = term;
  if (!value.gt('0') || value.gt(MOST[kind]) || !value.round(DIGITS).eq(value)) {
    throw invalid(
      'BILLING_PAYEE_VALUE',
      `The value is above 0, at most ${MOST[kind]}, with ${DIGITS} decimals at most.`,
    );
  }
  if (lastMonth !== undefined && lastMonth < firstMonth) {
    throw invalid('BILLING_PAYEE_MONTHS', 'The last month is before the first.');
  }
  const overlaps = held.some(
    (one) =>
      one.kind === kind &&
      one.locationId === locationId &&
      (one.lastMonth === undefined || one.lastMonth >= firstMonth) &&
      (lastMonth === undefined || one.firstMonth <= lastMonth),
  );
  if (overlaps) {
    throw conflict(
      'BILLING_PAYEE_TERM',
      'The same kind is agreed for this location and month already: end that first.',
    );
  }
}

export const payableTo = (payeeId: string) => `payable:${payeeId}`;
/** What locations cost us. */
export const PAYEES = 'payees';

interface StatementMoney {
  readonly payeeId: string;
  readonly currency: string;
  /** Number of the statement. */
  readonly reference: string;
}

/** From here on we owe it. */
export function postStatement(
  { payeeId, currency, reference }: StatementMoney,
  earned: Decimal,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'PAYEE_STATEMENT', reference }, PAYEES, payableTo(payeeId), {
    amount: earned,
    currency,
  });
}

export function postStatementPaid(
  { payeeId, currency, reference }: StatementMoney,
  due: Decimal,
  key: PostingKey,
): Posting {
  return postBetween({ ...key, reason: 'PAYEE_PAID', reference }, payableTo(payeeId), 'cash:bank', {
    amount: due,
    currency,
  });
}
