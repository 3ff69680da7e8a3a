import { decimal, mwh } from '@kilowatch/kernel';
import { gatheredRead, type Tx } from '@kilowatch/platform';
import type { BillDecision, DecisionKind } from '../domain/decision.js';

/** HOLD: before there was a bill. CORRECTION: of one that was issued. */
export type DecisionStage = 'HOLD' | 'CORRECTION';

export interface DecisionRecord extends BillDecision {
  readonly sessionId: string;
  readonly stage: DecisionStage;
}

interface Row {
  id: string;
  session_id: string;
  stage: DecisionStage;
  kind: DecisionKind;
  energy_mwh: string | null;
  incl_vat: string | null;
  reason: string;
  decided_by: string;
  decided_at: Date;
}

/** Append only. A second decision of one hold is refused by the database. */
export async function insertDecision(tx: Tx, tenant: string, decision: DecisionRecord): Promise<void> {
  await tx.query(
    `insert into bill_decision (tenant, id, session_id, stage, kind, energy_mwh, incl_vat, reason, decided_by, decided_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tenant,
      decision.id,
      decision.sessionId,
      decision.stage,
      decision.kind,
      decision.energyMwh,
      decision.inclVat?.toFixed() ?? null,
      decision.reason,
      decision.decidedBy,
      decision.decidedAt,
    ],
  );
}

/** How the hold of a session was decided. */
export const findHoldDecision = gatheredRead<string, DecisionRecord>(
  (sessionId) => sessionId,
  async (tx, tenant, sessionIds) => {
    const rows = await tx.query<Row>(
      `select * from bill_decision where tenant = $1 and session_id = any($2::uuid[]) and stage = 'HOLD'`,
      [tenant, sessionIds],
    );
    return new Map(rows.map((row) => [row.session_id, toDecision(row)]));
  },
);

/** In the order they were taken. */
export async function findDecisionsOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<DecisionRecord[]> {
  const rows = await tx.query<Row>(
    'select * from bill_decision where tenant = $1 and session_id = any($2::uuid[]) order by session_id, id',
    [tenant, sessionIds],
  );
  return rows.map(toDecision);
}

function toDecision(row: Row): DecisionRecord {
  return {
    id: row.id,
    sessionId: row.session_id,
    stage: row.stage,
    kind: row.kind,
    energyMwh: row.energy_mwh === null ? null : mwh(Number(row.energy_mwh)),
    inclVat: row.incl_vat === null ? null : decimal(row.incl_vat),
    reason: row.reason,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  };
}
