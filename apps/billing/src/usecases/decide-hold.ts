import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { conflict, invalid, isUuid, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  counter,
  Database,
  idempotent,
  IDS,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import { decidedEnergy, decidedReason, type DecisionKind } from '../domain/decision.js';
import {
  findHoldDecision,
  insertDecision,
  type DecisionRecord,
} from '../persistence/bill-decision.repository.js';
import {
  findSession,
  lockSettling,
  releaseSession,
  type BilledSession,
} from '../persistence/billed-session.repository.js';
import { SettleSession } from './settle-session.js';
import { unknownSession } from './unknown-session.js';

export interface HoldDecision {
  readonly sessionId: string;
  readonly decision: 'BILL_AS_MEASURED' | 'BILL_ENERGY' | 'WAIVE';
  /** With BILL_ENERGY, and only with it. */
  readonly energyWh?: number | null;
  readonly reason: string;
  readonly idempotencyKey: string;
}

const KINDS: Readonly<Record<HoldDecision['decision'], DecisionKind>> = {
  BILL_AS_MEASURED: 'AS_MEASURED',
  BILL_ENERGY: 'ENERGY',
  WAIVE: 'WAIVE',
};

/** A person decides what becomes of a session that billing holds back. */
@Injectable()
export class DecideHold {
  constructor(
    private readonly database: Database,
    private readonly settle: SettleSession,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Once per session: the decision is kept with who took it and why, and the session is billed by it in the same transaction.
   * CONFLICT when somebody was quicker, PRECONDITION for a session that is not held, or that cannot be priced for want of a tariff.
   */
  async run(principal: Principal, input: HoldDecision): Promise<void> {
    const { tenant, accountId: decidedBy } = principal;
    const { sessionId, decision, idempotencyKey } = input;
    if (!isUuid(sessionId)) throw unknownSession();
    const energyMwh = energyOf(input);
    const reason = decidedReason(input.reason);
    const request = {
      operation: 'decideHold',
      subject: decidedBy,
      key: idempotencyKey,
      argsHash: argsHash({ sessionId, decision, energyMwh, reason }),
    };
    await this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockSettling(tx, tenant);
        const session = await this.held(tx, tenant, sessionId, decision);
        const isBilled = session.holdReason === 'other_driver';
        const record: DecisionRecord = {
          id: this.ids.newId(),
          sessionId,
          stage: isBilled ? 'CORRECTION' : 'HOLD',
          kind: KINDS[decision],
          energyMwh,
          inclVat: null,
          reason,
          decidedBy,
          decidedAt: this.clock.now(),
        };
        await insertDecision(tx, tenant, record);
        this.announce(tx, session, record);
        if (isBilled) await releaseSession(tx, tenant, sessionId);
        else await this.settle.run(tx, session);
        return record.id;
      }),
    );
  }

  private async held(
    tx: Tx,
    tenant: string,
    sessionId: string,
    decision: HoldDecision['decision'],
  ): Promise<BilledSession> {
    const session = await findSession(tx, tenant, sessionId);
    if (!session?.snapshot) throw unknownSession();
    if (session.holdReason === 'other_driver') {
      if (decision === 'BILL_AS_MEASURED') return session;
      throw precondition(
        'BILLING_OTHER_DRIVER',
        'This session is billed. Correct the bill where it is wrong, then leave it (BILL_AS_MEASURED).',
      );
    }
    if (await findHoldDecision(tx, tenant, sessionId)) {
      throw conflict('BILLING_HOLD_DECIDED', 'Somebody has decided this already. Look at the session again.');
    }
    if (session.holdReason === undefined) {
      throw precondition('BILLING_NOT_HELD', 'Billing does not hold this session back.');
    }
    if (session.holdReason === 'no_tariff' && decision !== 'WAIVE') {
      throw precondition(
        'BILLING_NO_TARIFF',
        'There is no tariff to price this session with. Apply one, and it is billed by itself; or waive it.',
      );
    }
    return session;
  }

  private announce(tx: Tx, session: BilledSession, { kind, stage, decidedAt }: DecisionRecord): void {
    const { sessionId, snapshot, holdReason = '' } = session;
    tx.publish(events.billingHoldDecided, {
      aggregateId: sessionId,
      aggregateVersion: stage === 'HOLD' ? 3 : 5,
      occurredAt: decidedAt,
      payload: { sessionId, accountId: snapshot?.accountId ?? '', reason: holdReason, decision: kind },
    });
    tx.live('session', sessionId);
    tx.afterCommit(() => counter('kw_billing_decisions_total').inc({ stage, kind }));
  }
}

function energyOf({ decision, energyWh }: HoldDecision) {
  const given = energyWh ?? undefined;
  if ((decision === 'BILL_ENERGY') !== (given !== undefined)) {
    throw invalid('BILLING_ENERGY', 'Give energyWh with BILL_ENERGY, and only with it.');
  }
  return given === undefined ? null : decidedEnergy(given);
}
