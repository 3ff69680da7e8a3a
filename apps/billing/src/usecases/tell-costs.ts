import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { groupBy, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  LOGGER,
  UnderWay,
  type ConfigOf,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { tellingOf } from '../domain/cost-telling.js';
import {
  dropCost,
  postponeCost,
  takeDueCosts,
  type CostDisplayRow,
} from '../persistence/cost-display.repository.js';
import type { StoredEnergy } from '../persistence/billed-session.repository.js';
import { EnergySoFar } from './energy-so-far.js';
import { SendCost } from './send-cost.js';
import { costOf, findCostFacts, needsEnergySoFar, shownCost } from './session-cost.js';

/** Longer than a station may take to answer. */
const FLIGHT_MS = 20_000;
const PUT_OFF_MS = 60_000;
/** Until metering, which is away, is asked again. */
const ASK_AGAIN_MS = 5_000;

/** A row with the energy of its session so far; unknown while metering is away. */
interface DueCost extends CostDisplayRow {
  readonly energy: { readonly soFar: StoredEnergy | undefined } | undefined;
}

/**
 * Tells stations that show costs what their sessions cost. The price is made when it is sent, so the latest counts, and nothing is
 * done for it while readings come in. The row is the lease: it is pushed on before the message leaves, which happens after the
 * commit and outside of it; what came of it is recorded in a transaction of its own.
 */
@Injectable()
export class TellCosts implements DueWorkDefinition<DueCost>, BeforeApplicationShutdown {
  readonly name = 'tell-costs';
  readonly intervalMs = 1_000;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly energy: EnergySoFar,
    private readonly send: SendCost,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  peek(tx: Tx, now: Date): Promise<CostDisplayRow[]> {
    return takeDueCosts(tx, now, 1);
  }

  async take(tx: Tx, now: Date, limit: number): Promise<DueCost[]> {
    const due: DueCost[] = [];
    for (const [tenant, rows] of groupBy(await takeDueCosts(tx, now, limit), (row) => row.tenant)) {
      const known = await this.energySoFar(tenant, rows);
      for (const row of rows) due.push({ ...row, energy: known && { soFar: known.get(row.sessionId) } });
    }
    return due;
  }

  async run(tx: Tx, row: DueCost, now: Date): Promise<void> {
    const { tenant, sessionId, energy } = row;
    const facts = await findCostFacts(tx, tenant, sessionId);
    if (facts && !energy && needsEnergySoFar(facts))
      return postponeCost(tx, row, row.lease, later(now, ASK_AGAIN_MS));
    const cost = facts && costOf(facts, energy?.soFar, this.clock);
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

  /** One call for all that are due. A final cost is told though metering is away. */
  private async energySoFar(
    tenant: string,
    rows: readonly CostDisplayRow[],
  ): Promise<Map<string, StoredEnergy> | undefined> {
    try {
      return await this.energy.of(
        tenant,
        rows.map(({ sessionId }) => sessionId),
      );
    } catch (err) {
      this.log.warn({ err, tenant }, 'metering did not tell the energy of running sessions');
      return undefined;
    }
  }

  /** Waits for the messages that are out: their outcomes are still recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
