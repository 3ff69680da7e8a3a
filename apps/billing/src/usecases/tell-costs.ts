import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, UnderWay, type ConfigOf, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { tellingOf } from '../domain/cost-telling.js';
import {
  dropCost,
  postponeCost,
  takeDueCosts,
  type CostDisplayRow,
} from '../persistence/cost-display.repository.js';
import { SendCost } from './send-cost.js';
import { costOf, findCostFacts, shownCost } from './session-cost.js';

/** Longer than a station may take to answer. */
const FLIGHT_MS = 20_000;
const PUT_OFF_MS = 60_000;

/**
 * Tells stations that show costs what their sessions cost. The price is made when it is sent, so the latest counts, and nothing is
 * done for it while readings come in. The row is the lease: it is pushed on before the message leaves, which happens after the
 * commit and outside of it; what came of it is recorded in a transaction of its own.
 */
@Injectable()
export class TellCosts implements DueWorkDefinition<CostDisplayRow>, BeforeApplicationShutdown {
  readonly name = 'tell-costs';
  readonly intervalMs = 1_000;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly send: SendCost,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<CostDisplayRow[]> {
    return takeDueCosts(tx, now, limit);
  }

  async run(tx: Tx, row: CostDisplayRow, now: Date): Promise<void> {
    const { tenant, sessionId } = row;
    const facts = await findCostFacts(tx, tenant, sessionId);
    const cost = facts && costOf(facts, this.clock);
    const { status, endedAt } = facts?.session.snapshot ?? {};
    const end = status === 'ENDED' ? new Date(endedAt ?? now) : undefined;
    const paceMs = this.config.KW_COST_UPDATE_SECONDS * 1000;
    const telling = tellingOf(row, cost && shownCost(cost), end, now, paceMs);
    if (telling.kind === 'OVER') return dropCost(tx, tenant, sessionId);
    if (telling.kind === 'WAIT') return postponeCost(tx, row, row.lease, later(now, telling.ms));
    const flight = { ...row, lease: row.lease + 1 };
    await postponeCost(tx, row, flight.lease, later(now, FLIGHT_MS));
    tx.afterCommit(() => this.underWay.add(this.send.run(flight, telling.amount, paceMs)));
  }

  failed(tx: Tx, row: CostDisplayRow, _error: unknown, now: Date): Promise<void> {
    return postponeCost(tx, row, row.lease, later(now, PUT_OFF_MS));
  }

  /** Waits for the messages that are out: their outcomes are still recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
