import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import { isUuid } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { isShownIn } from '../domain/cost-telling.js';
import { findSession } from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions } from '../persistence/cdr.repository.js';
import { dropCost } from '../persistence/cost-display.repository.js';
import { shownCost } from './session-cost.js';

const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;

type Look =
  { readonly kind: 'final'; readonly total: string | undefined } | { readonly kind: 'held' | 'later' };

/**
 * The final cost of a session for the answer to its end: that of its CDR, so that the display never shows another sum than the
 * invoice. The CDR comes by events, a moment after the end was recorded, and is waited for. Whoever got it here needs no
 * CostUpdated.
 */
@Injectable()
export class AwaitFinalCost {
  constructor(private readonly database: Database) {}

  async run(tenant: string, request: billing.AwaitFinalCostRequest): Promise<billing.AwaitFinalCostResponse> {
    const { sessionId, currency, waitMs } = request;
    if (!isUuid(sessionId)) return { total: undefined };
    const until = performance.now() + Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS);
    for (;;) {
      const look = await this.look(tenant, sessionId, currency);
      if (look.kind === 'final') return { total: look.total };
      const left = until - performance.now();
      if (look.kind === 'held' || left <= 0) return { total: undefined };
      await delay(Math.min(LOOK_EVERY_MS, left));
    }
  }

  private async look(tenant: string, sessionId: string, shown: string): Promise<Look> {
    const found = await this.database.read(tenantScope(tenant), async (tx): Promise<Look> => {
      const [cdr] = await findCdrsOfSessions(tx, tenant, [sessionId]);
      if (cdr) {
        const cost = shownCost({ final: true, price: cdr.document.price });
        return { kind: 'final', total: isShownIn(cost, shown) ? cost.amount : undefined };
      }
      const held = (await findSession(tx, tenant, sessionId))?.holdReason !== undefined;
      return { kind: held ? 'held' : 'later' };
    });
    if (found.kind === 'final')
      await this.database.transaction(tenantScope(tenant), (tx) => dropCost(tx, tenant, sessionId));
    return found;
  }
}
