/** The lines of a stored price or invoice as they are shown: every figure as text, nothing absent but the times. */
import { ZERO, decimal, minorDigits } from '@kilowatch/kernel';
import type { Amount } from '@kilowatch/pricing';
import { ADJUSTMENTS, type Invoice } from './invoice.js';
import type { BilledPrice } from './quote.js';
import type { Stored } from './stored.js';

export interface ShownMoney {
  readonly amount: string;
  readonly currency: string;
}

export interface CostLine {
  readonly dimension: string;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  /** 0 where VAT does not apply. */
  readonly vatPercent: string;
  readonly exclVat: ShownMoney;
  readonly vat: ShownMoney;
  readonly inclVat: ShownMoney;
  readonly explanation: string;
}

/** Plain text with the digits of the currency. */
export function shownMoney(amount: string, currency: string): ShownMoney {
  return { amount: decimal(amount).toFixed(minorDigits(currency)), currency };
}

export function shownAmount({ excl, vat, incl }: Stored<Amount>, currency: string) {
  return {
    exclVat: shownMoney(excl, currency),
    vat: shownMoney(vat, currency),
    inclVat: shownMoney(incl, currency),
  };
}

/** The lines, and what a minimum or maximum price changed. */
export function priceLines(price: Stored<BilledPrice>): CostLine[] {
  const lines = price.lines.map((line): CostLine => ({
    dimension: line.dimension,
    from: new Date(line.start),
    to: new Date(line.end),
    quantity: decimal(line.quantity).toFixed(),
    unit: line.unit,
    unitPrice: decimal(line.unitPrice).toFixed(),
    vatPercent: percent(line.vatPercent),
    ...shownAmount(line, price.currency),
    explanation: line.explanation,
  }));
  if (!price.adjustment) return lines;
  const { adjustment, currency } = price;
  return [...lines, extraLine('ADJUSTMENT', adjustment, currency, ADJUSTMENTS[adjustment.reason])];
}

export function invoiceLines(invoice: Stored<Invoice>): CostLine[] {
  return invoice.lines.map((line): CostLine => {
    if (line.quantity === null) return extraLine(line.dimension, line, invoice.currency, line.description);
    return {
      dimension: line.dimension,
      from: null,
      to: null,
      quantity: decimal(line.quantity).toFixed(),
      unit: line.unit ?? 'session',
      unitPrice: decimal(line.unitPrice ?? line.excl).toFixed(),
      vatPercent: percent(line.vatPercent),
      ...shownAmount(line, invoice.currency),
      explanation: line.description,
    };
  });
}

function extraLine(dimension: string, amount: Stored<Amount>, currency: string, text: string): CostLine {
  return {
    dimension,
    from: null,
    to: null,
    quantity: '1',
    unit: 'session',
    unitPrice: shownMoney(amount.excl, currency).amount,
    vatPercent: '0',
    ...shownAmount(amount, currency),
    explanation: text,
  };
}

export function percent(value: string | null): string {
  return (value === null ? ZERO : decimal(value)).toFixed();
}
