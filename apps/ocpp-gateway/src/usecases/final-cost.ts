import type { sessions } from '@kilowatch/contracts';
import { toAppError, type TenantId } from '@kilowatch/kernel';
import { counter, type Logger } from '@kilowatch/platform';
import type { BillingClient } from '../peers.js';

/** Billing answers by then, whatever it knows; the rest is for the way there and back. */
const MARGIN_MS = 500;

/**
 * What a transaction cost, for the answer to its end (OCPP 2.0.1 I03). Asked once the end is on disk, and only for stations that
 * show costs. Without a cost in time the answer goes without it, and billing tells the station later: nothing depends on it.
 */
export class FinalCost {
  constructor(
    private readonly client: BillingClient,
    private readonly waitMs: number,
    private readonly log: Logger,
  ) {}

  /** Decimal text with taxes, in the currency the station shows; null: not known in time. Never rejects. */
  async of(tenant: TenantId, sessionId: string, { currency }: sessions.CostDisplay): Promise<string | null> {
    if (this.waitMs === 0) return null;
    const total = await this.ask(tenant, { sessionId, currency, waitMs: this.waitMs });
    counter('kw_ocpp_final_costs_total').inc({ outcome: total === null ? 'later' : 'told' });
    return total;
  }

  private async ask(
    tenant: TenantId,
    request: { sessionId: string; currency: string; waitMs: number },
  ): Promise<string | null> {
    try {
      const answer = await this.client.awaitFinalCost(request, {
        tenant,
        deadlineMs: this.waitMs + MARGIN_MS,
        idempotent: false,
      });
      return answer.total ?? null;
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      this.log.warn({ sessionId: request.sessionId, kind, code }, 'final cost is not known');
      return null;
    }
  }
}
