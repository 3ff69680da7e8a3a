/**
 * step_size, OCPI 2.2.1 mod_cdrs 10.3 (docs/ocpi-notes.md P4): once per session on the pooled quantity; the step of the last
 * priced component counts and the surplus goes to the last priced stretch. TIME and PARKING_TIME share one rounding:
 * with billable parking only parking is rounded up. A reservation is rounded by itself, and so is what each tariff
 * prices (docs/adr/0017). A step rounds up what is owed, never what is paid out for a negative price.
 */
import type { BilledDimension, Use } from './uses.js';

/** 1 Wh in mWh, 1 s in ms. */
const UNIT = 1000;

export function applyStepSizes(uses: readonly Use[]): Use[] {
  const tariffs = [...new Set(uses.map((use) => use.tariffIndex))];
  return tariffs.reduce<Use[]>(applyOneTariff, [...uses]);
}

function applyOneTariff(uses: Use[], tariffIndex: number): Use[] {
  const isOfTariff = (use: Use) => use.tariffIndex === tariffIndex;
  const parks = uses.some((use) => isOfTariff(use) && use.dimension === 'PARKING_TIME' && isPriced(use));
  const rounded: BilledDimension[] = ['ENERGY', parks ? 'PARKING_TIME' : 'TIME', 'RESERVATION_TIME'];
  return rounded.reduce<Use[]>(
    (all, dimension) =>
      roundUp(
        all,
        all.filter((use) => isOfTariff(use) && use.dimension === dimension && isPriced(use)),
      ),
    uses,
  );
}

/** Gives the surplus to the last of `priced`. */
function roundUp(uses: Use[], priced: readonly Use[]): Use[] {
  const last = priced[priced.length - 1];
  if (!last || last.component.stepSize === 0 || last.component.price.lt('0')) return uses;
  const step = last.component.stepSize * UNIT;
  const total = priced.reduce((sum, use) => sum + use.quantity, 0);
  const surplus = Math.ceil(total / step) * step - total;
  return uses.map((use) => (use === last ? { ...use, surplus } : use));
}

function isPriced(use: Use): boolean {
  return !use.component.price.eq('0');
}
