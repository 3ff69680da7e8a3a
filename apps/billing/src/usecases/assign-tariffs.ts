import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { ASSIGNMENT_SCOPES, checkAssignment, type AssignmentScope } from '../domain/tariff-assignment.js';
import {
  assignmentsOf,
  endAssignment,
  findAssignmentForUpdate,
  insertAssignment,
  listAssignments,
  type AssignmentRecord,
} from '../persistence/tariff-assignment.repository.js';
import { findGroup, rivalsOf } from '../persistence/tariff-group.repository.js';
import { checkRivals } from '../domain/tariff-group.js';
import { JudgeTariffs, type Finding } from './judge-tariffs.js';
import { findTariffs, lockTariffs } from '../persistence/tariff.repository.js';

export type { AssignmentRecord };

export interface JudgedAssignment {
  readonly record: AssignmentRecord;
  readonly findings: readonly Finding[];
}

export interface AssignmentInput {
  readonly tariffId: string;
  readonly scope: string;
  readonly ref: string;
  readonly validFrom?: Date | null;
  readonly validUntil?: Date | null;
}

/**
 * Which tariff is for whom and where. A running session keeps the price it was locked at; what is assigned counts for sessions that begin
 * from then on, and an assignment never begins in the past: nobody's price changes behind their back.
 */
@Injectable()
export class AssignTariffs {
  constructor(
    private readonly database: Database,
    private readonly judge: JudgeTariffs,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  list(
    { tenant }: Principal,
    filter: { scope?: string | null; ref?: string | null; tariffId?: string | null },
    page: { limit: number; after: SortKey | undefined },
  ): Promise<AssignmentRecord[]> {
    const wanted = {
      scope: filter.scope ? scopeOf(filter.scope) : undefined,
      ref: filter.ref ?? undefined,
      tariffId: filter.tariffId ?? undefined,
    };
    return this.database.read(tenantScope(tenant), (tx) => listAssignments(tx, tenant, wanted, page));
  }

  /** NOT_FOUND for an unknown tariff, INVALID, CONFLICT for one that overlaps another. */
  async assign({ tenant, accountId }: Principal, input: AssignmentInput): Promise<JudgedAssignment> {
    const now = this.clock.now();
    const scope = scopeOf(input.scope);
    if (!isUuid(input.ref))
      throw invalid('BILLING_ASSIGNMENT_REF', `ref is the id of a ${scope.toLowerCase()}.`);
    const validFrom = input.validFrom ?? now;
    if (validFrom.getTime() < now.getTime() - CLOCK_LEEWAY_MS)
      throw invalid('BILLING_ASSIGNMENT_PAST', 'An assignment cannot begin in the past.');
    const wanted = {
      tariffId: input.tariffId,
      scope,
      ref: input.ref,
      validFrom,
      validUntil: input.validUntil ?? undefined,
    };
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTariffs(tx, tenant);
      const [tariff] = await findTariffs(tx, tenant, [wanted.tariffId]);
      if (!tariff) throw notFound('BILLING_TARIFF', 'There is no such tariff.');
      checkAssignment(wanted, (await assignmentsOf(tx, tenant, wanted)) ?? []);
      if (scope === 'GROUP') {
        if (!(await findGroup(tx, tenant, input.ref)))
          throw notFound('BILLING_GROUP', 'There is no such group.');
        checkRivals([wanted], await rivalsOf(tx, tenant, input.ref));
      }
      const record = {
        ...wanted,
        id: this.ids.newId(),
        createdBy: accountId,
        createdAt: now,
        endedBy: undefined,
      };
      const findings = await this.judge.beforeAssign(tx, tenant, tariff.document, wanted);
      await insertAssignment(tx, tenant, record);
      return { record, findings };
    });
  }

  /** Sessions that begin from `until` on are no longer under it. NOT_FOUND, PRECONDITION when it is over already. */
  async end(
    { tenant, accountId }: Principal,
    { id, until }: { readonly id: string; readonly until?: Date | null },
  ): Promise<AssignmentRecord> {
    const now = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTariffs(tx, tenant);
      const held = isUuid(id) ? await findAssignmentForUpdate(tx, tenant, id) : undefined;
      if (!held) throw notFound('BILLING_ASSIGNMENT', 'There is no such assignment.');
      if (held.validUntil !== undefined && held.validUntil <= now)
        throw precondition('BILLING_ASSIGNMENT_OVER', 'This assignment is over.');
      const at = until ?? now;
      if (at.getTime() < now.getTime() - CLOCK_LEEWAY_MS)
        throw invalid('BILLING_ASSIGNMENT_PAST', 'An assignment cannot end in the past.');
      if (held.validUntil !== undefined && at > held.validUntil)
        throw invalid('BILLING_ASSIGNMENT_TIMES', 'It ends before that already.');
      // One that has not begun ends where it would begin: it never counts.
      const end = at < held.validFrom ? held.validFrom : at;
      await endAssignment(tx, tenant, { id, until: end, by: accountId });
      return { ...held, validUntil: end, endedBy: accountId };
    });
  }
}

/** Whoever sends "now" is a moment late when it arrives. */
const CLOCK_LEEWAY_MS = 60_000;

function scopeOf(text: string): AssignmentScope {
  const scope = ASSIGNMENT_SCOPES.find((one) => one === text);
  if (!scope) throw invalid('BILLING_ASSIGNMENT_SCOPE', `scope is one of ${ASSIGNMENT_SCOPES.join(', ')}.`);
  return scope;
}
