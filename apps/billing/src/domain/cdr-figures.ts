/** The few figures of a CDR that revenue is added up from. Those of a credit count negative. */
import { type Decimal, decimal } from '@kilowatch/kernel';
import type { Cdr } from './cdr.js';
import type { Stored } from './stored.js';

export interface CdrFigures {
  readonly currency: string;
  /** -1: a credit, which takes its session back. */
  readonly sign: 1 | -1;
  readonly energyMwh: number;
  readonly net: Decimal;
  readonly tax: Decimal;
  /** Net price of the energy, six places. */
  readonly energyNet: Decimal;
  readonly taxes: readonly FigureTax[];
}

export interface FigureTax {
  readonly name: string;
  /** Null: a price whose rate nobody said. */
  readonly percent: Decimal | null;
  readonly base: Decimal;
  readonly amount: Decimal;
}

const ENERGY_PLACES = 6;
const ONE = decimal('1');

export function figuresOf({
  currency,
  credit,
  energyMwh,
  total,
  components,
  price,
}: Stored<Cdr>): CdrFigures {
  const sign = credit ? -1 : 1;
  const signed = (amount: string) => (credit ? decimal(amount).neg() : decimal(amount));
  return {
    ...{ currency, sign, energyMwh: sign * energyMwh },
    ...{ net: decimal(total.excl), tax: decimal(total.vat) },
    energyNet: signed(components.energy.excl).times(keptOf(price)).round(ENERGY_PLACES),
    taxes: price.byTax
      ? price.byTax.map(({ name, percent, base, amount }) => ({
          ...{ name, percent: decimal(percent) },
          ...{ base: signed(base), amount: signed(amount) },
        }))
      : price.byVatRate.map(({ vatPercent, excl, vat }) => ({
          ...{ name: 'VAT', percent: vatPercent === null ? null : decimal(vatPercent) },
          ...{ base: signed(excl), amount: signed(vat) },
        })),
  };
}

/** What lowers a whole bill (its maximum, an agreed reduction) lowers its energy by the same share; a minimum price is no energy. */
function keptOf({ adjustment, total }: Stored<Cdr>['price']): Decimal {
  if (!adjustment || adjustment.reason === 'MIN_PRICE') return ONE;
  const before = decimal(total.excl).minus(adjustment.excl);
  return before.eq('0') ? ONE : decimal(total.excl).div(before);
}

/** As it is stored: numbers as they are, not as floats. */
export function taxesJson(taxes: readonly FigureTax[]): string {
  const rows = taxes.map(
    ({ name, percent, base, amount }) =>
      `{"name":${JSON.stringify(name)},"percent":${percent?.toFixed() ?? 'null'},"base":${base.toFixed()},"amount":${amount.toFixed()}}`,
  );
  return `[${rows.join(',')}]`;
}
