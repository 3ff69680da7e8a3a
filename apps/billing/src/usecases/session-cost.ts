import type { Clock } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { shownAmount } from '../domain/cost-lines.js';
import type { KnownCost } from '../domain/cost-telling.js';
import { type BilledPrice, priceCourse, tariffOfQuote } from '../domain/quote.js';
import { courseOf } from '../domain/session-course.js';
import { stored, type Stored } from '../domain/stored.js';
import {
  findSession,
  type BilledSession,
  type StoredEnergy,
} from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions, type CdrRecord } from '../persistence/cdr.repository.js';
import { findQuoteOfSession, type QuoteRecord } from '../persistence/quote.repository.js';
import { knownSession } from './known-session.js';
import { startOf } from './lock-session-quote.js';
import { sha256 } from './sha256.js';

/** What billing itself knows of the cost of a session. */
export interface CostFacts {
  readonly session: BilledSession;
  readonly quote: QuoteRecord | undefined;
  readonly cdr: CdrRecord | undefined;
}

export interface SessionCost {
  readonly final: boolean;
  /** The instant it counts to: a session that ends then with nothing more on its meter costs the same. */
  readonly asOf: Date;
  readonly price: Stored<BilledPrice>;
}

/** Whether `EnergySoFar` has to be asked for the cost. */
export function needsEnergySoFar({ session, quote, cdr }: CostFacts): boolean {
  return !cdr && quote !== undefined && session.energy === undefined;
}

/**
 * Final once there is a CDR; until then what the session would cost if it ended now: from the same facts, by the same functions as in
 * `BillSession`. `soFar`: the energy while it is not closed, undefined when nothing was heard of it.
 */
export function costOf(
  { session, quote, cdr }: CostFacts,
  soFar: StoredEnergy | undefined,
  clock: Clock,
): SessionCost | undefined {
  if (cdr) return { final: true, asOf: new Date(cdr.document.end), price: cdr.document.price };
  if (!quote || !session.snapshot) return undefined;
  const { snapshot } = session;
  const course = courseOf({
    ...knownSession(snapshot, session.energy ?? soFar ?? { energyMwh: 0, intervals: [] }),
    startedAt: startOf(snapshot, clock),
    until: snapshot.endedAt ? new Date(snapshot.endedAt) : clock.now(),
    idleGraceMinutes: tariffOfQuote(quote, sha256).idleGraceMinutes,
    reservation: session.reservation,
  });
  const price = stored(priceCourse(quote, course, sha256));
  return { final: false, asOf: course.end, price };
}

/** Undefined: a session billing has not heard of. */
export async function findCostFacts(
  tx: Tx,
  tenant: string,
  sessionId: string,
): Promise<CostFacts | undefined> {
  const session = await findSession(tx, tenant, sessionId);
  if (!session?.snapshot) return undefined;
  const [quote, [cdr]] = await Promise.all([
    findQuoteOfSession(tx, tenant, sessionId),
    findCdrsOfSessions(tx, tenant, [sessionId]),
  ]);
  return { session, quote, cdr };
}

/** As a display shows it: with taxes, rounded to the digits of its currency. */
export function shownCost({ final, price }: Pick<SessionCost, 'final' | 'price'>): KnownCost {
  const { currency } = price;
  return { final, amount: shownAmount(price.total, currency).inclVat.amount, currency };
}
