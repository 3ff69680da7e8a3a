/**
 * A tariff with a discount on another: what subscribers of a plan pay. Every version of the base becomes one of the discounted tariff, valid from the
 * same moment. A percentage is taken off every price, an amount off the price of energy; none goes below zero by it, and what is below zero already
 * stays as it is.
 */
import { type Decimal, decimal, invalid, ZERO } from '@kilowatch/kernel';

export interface Discount {
  readonly percent: Decimal;
  /** Off a kWh, as the base has its prices: with or without taxes. */
  readonly perKwh: Decimal;
}

type Fields = Readonly<Record<string, unknown>>;

const PLACES = 6;

/** Throws INVALID `BILLING_SOURCE_DISCOUNT`. */
export function readDiscount(settings: unknown): Discount {
  const fields = (typeof settings === 'object' && settings !== null ? settings : {}) as Fields;
  const amount = (value: unknown): Decimal | undefined => {
    try {
      return value == null ? ZERO : decimal(String(value));
    } catch {
      return undefined;
    }
  };
  const [percent, perKwh] = [amount(fields.percent), amount(fields.perKwh)];
  const known = Object.keys(fields).every((name) => name === 'percent' || name === 'perKwh');
  const fits = (value: Decimal | undefined, most: string): value is Decimal =>
    value !== undefined && value.gte('0') && value.lte(most) && value.round(PLACES, 0).eq(value);
  if (!known || !fits(percent, '100') || !fits(perKwh, '1000') || (percent.eq('0') && perKwh.eq('0')))
    throw invalid(
      'BILLING_SOURCE_DISCOUNT',
      'A discount has a percent of 0 to 100, an amount perKwh, or both.',
    );
  return { percent, perKwh };
}

export function discounted(price: Decimal, isEnergy: boolean, { percent, perKwh }: Discount): Decimal {
  if (price.lte('0')) return price;
  const left = price.minus(price.times(percent).times('0.01')).minus(isEnergy ? perKwh : ZERO);
  return left.lt('0') ? ZERO : left.round(PLACES);
}

/** The document of the base as that of the discounted tariff. */
export function discountedDocument(base: unknown, id: string, discount: Discount): Fields {
  const fields = base as Fields;
  return {
    ...fields,
    id,
    elements: (fields.elements as readonly Fields[]).map((element) => ({
      ...element,
      price_components: (element.price_components as readonly Fields[]).map((component) => ({
        ...component,
        price: discounted(decimal(String(component.price)), component.type === 'ENERGY', discount).toFixed(),
      })),
    })),
  };
}
