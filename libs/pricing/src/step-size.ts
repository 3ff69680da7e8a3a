/**
 * step_size, OCPI 2.2.1 mod_cdrs 10.3 (docs/ocpi-notes.md P4): once per session on the pooled quantity; the step of the last
 * priced component counts and the surplus goes to the last priced stretch. TIME and PARKING_TIME share one rounding:
 * with billable parking only parking is rounded up. A reservation is rounded by itself.
 */
import type { BilledDimension, Use } from './uses.js';

/** 1 Wh in mWh, 1 s in ms. */
const UNIT = 1000;

export function applyStepSizes(uses: readonly Use[]): Use[] {
  const parks = uses.some((use) => use.dimension === 'PARKING_TIME' && isPriced(use));
  const rounded: BilledDimension[] = ['ENERGY', parks ? 'PARKING_TIME' : 'TIME', 'RESERVATION_TIME'];
  return rounded.reduce<Use[]>(roundUp, [...uses]);
}

function roundUp(uses: Use[], dimension: BilledDimension): Use[] {
  const priced = uses.filter((use) => use.dimension === dimension && isPriced(use));
  const last = priced[priced.length - 1];
  if (!last || last.component.stepSize === 0) return uses;
  const step = last.component.stepSize * UNIT;
  const total = priced.reduce((sum, use) => sum + use.quantity, 0);
  const surplus = Math.ceil(total / step) * step - total;
  return uses.map((use) => (use === last ? { ...use, surplus } : use));
}

function isPriced(use: Use): boolean {
  return use.component.price.gt('0');
}
