import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { showCost, showFinalCost } from '../persistence/cost-display.repository.js';

/** The answer to the end of the transaction comes first: it waits for the CDR as well. */
const ANSWER_FIRST_MS = 3_000;

/** Notes which sessions have their cost shown at the station. Costs nothing for the others. */
@Injectable()
export class ShowCosts {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async run(tx: Tx, tenant: string, snapshot: sessions.SessionSnapshot): Promise<void> {
    const { costDisplay, sessionId, stationId, transactionRef } = snapshot;
    if (!costDisplay) return;
    const now = this.clock.now();
    if (snapshot.status === 'ENDED')
      return showFinalCost(tx, tenant, sessionId, new Date(now.getTime() + ANSWER_FIRST_MS));
    const { currency } = costDisplay;
    await showCost(tx, tenant, { sessionId, stationId, transactionRef, currency }, now);
  }
}
