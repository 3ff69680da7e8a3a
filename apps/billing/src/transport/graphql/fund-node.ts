import { ZERO, decimal } from '@kilowatch/kernel';
import { shownMoney } from '../../domain/cost-lines.js';
import type { FundRecord } from '../../usecases/view-session.js';

/** @param cost of the session now, decimal text; undefined while it has no price */
export function toFundNode(fund: FundRecord | undefined, cost: string | undefined) {
  if (!fund || fund.kind === '') return null;
  const { kind, state, limit, currency, usedUpAt } = fund;
  const left = limit?.minus(decimal(cost ?? '0'));
  return {
    kind,
    state,
    limit: limit ? shownMoney(limit.toFixed(), currency) : null,
    available: left ? shownMoney((left.gt('0') ? left : ZERO).toFixed(), currency) : null,
    // Also after the bill: it is why the session ended.
    usedUp: fund.stoppedAt !== undefined,
    usedUpAt: usedUpAt ?? null,
  };
}
