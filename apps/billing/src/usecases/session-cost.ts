import type { Clock } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { periodsFromSession } from '@kilowatch/pricing';
import { shownAmount } from '../domain/cost-lines.js';
import type { KnownCost } from '../domain/cost-telling.js';
import { type BilledPrice, priceUnderQuote, tariffOfQuote } from '../domain/quote.js';
import { courseOf, registerIntervals, type RegisterPoint } from '../domain/session-course.js';
import { stored, type Stored } from '../domain/stored.js';
import { findSession, type BilledSession } from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions, type CdrRecord } from '../persistence/cdr.repository.js';
import { registerKey, registersOf } from '../persistence/live-register.repository.js';
import { findQuoteOfSession, type QuoteRecord } from '../persistence/quote.repository.js';
import { knownSession } from './known-session.js';
import { startOf } from './lock-session-quote.js';
import { sha256 } from './sha256.js';

/** What the cost of a session follows from. */
export interface CostFacts {
  readonly session: BilledSession;
  readonly quote: QuoteRecord | undefined;
  readonly cdr: CdrRecord | undefined;
  readonly registers: readonly RegisterPoint[];
}

export interface SessionCost {
  readonly final: boolean;
  readonly price: Stored<BilledPrice>;
}

/** Final once there is a CDR; until then what the session would cost if it ended now, by the same engine. */
export function costOf({ session, quote, cdr, registers }: CostFacts, clock: Clock): SessionCost | undefined {
  if (cdr) return { final: true, price: cdr.document.price };
  if (!quote || !session.snapshot) return undefined;
  const { snapshot } = session;
  const course = courseOf({
    ...knownSession(snapshot, session.energy ?? { energyMwh: 0, intervals: [] }),
    ...(session.energy ? {} : { intervals: registerIntervals(registers) }),
    startedAt: startOf(snapshot, clock),
    until: snapshot.endedAt ? new Date(snapshot.endedAt) : clock.now(),
    idleGraceMinutes: tariffOfQuote(quote, sha256).idleGraceMinutes,
  });
  return { final: false, price: stored(priceUnderQuote(quote, periodsFromSession(course), sha256)) };
}

/** Undefined: a session billing has not heard of. */
export async function findCostFacts(
  tx: Tx,
  tenant: string,
  sessionId: string,
): Promise<CostFacts | undefined> {
  const session = await findSession(tx, tenant, sessionId);
  if (!session?.snapshot) return undefined;
  const { snapshot } = session;
  const [quote, [cdr]] = await Promise.all([
    findQuoteOfSession(tx, tenant, sessionId),
    findCdrsOfSessions(tx, tenant, [sessionId]),
  ]);
  const registers = cdr ? [] : ((await registersOf(tx, tenant, [snapshot])).get(registerKey(snapshot)) ?? []);
  return { session, quote, cdr, registers };
}

/** As a display shows it: with taxes, rounded to the digits of its currency. */
export function shownCost({ final, price }: SessionCost): KnownCost {
  const { currency } = price;
  return { final, amount: shownAmount(price.total, currency).inclVat.amount, currency };
}
