import { type Clock, type Decimal, decimal, ZERO } from '@kilowatch/kernel';
import { periodsFromSession } from '@kilowatch/pricing';
import type { Spending } from '../domain/fund-forecast.js';
import { flowOf, flowUntil, outletPowerW, type Measured } from '../domain/power-guess.js';
import { pricerOf } from '../domain/quote.js';
import { courseOf } from '../domain/session-course.js';
import type { StoredEnergy } from '../persistence/billed-session.repository.js';
import { knownSession } from './known-session.js';
import { startOf } from './lock-session-quote.js';
import { costOf, type CostFacts } from './session-cost.js';
import { sha256 } from './sha256.js';

export interface SessionSpending {
  /** Empty: its price is not locked. */
  readonly currency: string;
  readonly cost: Decimal;
  /** Undefined: it ended, or cannot be priced. */
  readonly spending: Spending | undefined;
}

/**
 * What a session costs now and will cost, by the one engine: after its last reading it goes on at the present power, or at all that its
 * outlet gives. `soFar` as in `costOf`.
 */
export function spendingOf(facts: CostFacts, soFar: StoredEnergy | undefined, clock: Clock): SessionSpending {
  const { session, quote } = facts;
  const cost = costOf(facts, soFar, clock);
  const known = {
    currency: quote?.currency ?? '',
    cost: cost ? decimal(cost.price.total.incl) : ZERO,
  };
  const { snapshot, reservation } = session;
  if (!quote || !snapshot || snapshot.status === 'ENDED') return { ...known, spending: undefined };
  const startedAt = startOf(snapshot, clock);
  const course = knownSession(snapshot, soFar ?? { energyMwh: 0, intervals: [] });
  const measured = course.intervals.flatMap(({ from, to, ...part }): Measured[] =>
    from && to ? [{ ...part, from, to }] : [],
  );
  const charging = snapshot.chargingState === '' || snapshot.chargingState === 'CHARGING';
  const flow = flowOf(measured, charging, outletPowerW(snapshot));
  const pricer = pricerOf(quote, sha256);
  const costAt = (rate: number) => (until: Date) => {
    const intervals = [...measured, ...flowUntil(flow, startedAt, rate, until)];
    const { idleGraceMinutes } = pricer;
    const whole = courseOf({ ...course, intervals, startedAt, until, idleGraceMinutes, reservation });
    return pricer.price(periodsFromSession(whole)).total.incl;
  };
  return { ...known, spending: { at: costAt(flow.present), atMost: costAt(flow.most) } };
}
