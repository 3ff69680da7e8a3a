/** Bars of a price schedule. Pure. */

export interface PriceStep {
  readonly from: string;
  readonly to: string;
  readonly energyPricePerKwh: string;
  readonly currency: string;
}

export interface PriceBar {
  readonly from: string;
  readonly price: string;
  readonly currency: string;
  /** Length of the bar, 0 to 1: the dearest step is full. */
  readonly share: number;
  readonly isCheapest: boolean;
}

/** Neighbours of equal price are one bar. A bar is for the eye only; the price stays the text it came as. */
export function priceBars(schedule: readonly PriceStep[]): PriceBar[] {
  const steps = schedule.filter((step, i) => step.energyPricePerKwh !== schedule[i - 1]?.energyPricePerKwh);
  const prices = steps.map(({ energyPricePerKwh }) => Number(energyPricePerKwh));
  const dearest = Math.max(...prices);
  const cheapest = Math.min(...prices);
  return steps.map(({ from, energyPricePerKwh, currency }, i) => {
    const price = prices[i] ?? 0;
    return {
      from,
      price: energyPricePerKwh,
      currency,
      share: dearest > 0 ? Math.max(0, price) / dearest : 0,
      isCheapest: dearest > cheapest && price === cheapest,
    };
  });
}
