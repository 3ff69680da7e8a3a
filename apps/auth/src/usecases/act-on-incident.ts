import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import type { AttemptPolicy } from '../domain/attempts/attempt-rules.js';
import type { IncidentChange } from '../domain/attempts/incident.js';
import { isCloneSuspicion, subjectOf, watchesToken } from '../domain/attempts/incident-subject.js';
import { SYSTEM } from '../domain/audit.js';
import { lockToken } from '../persistence/token.repository.js';
import { watchToken } from '../persistence/token-watch.repository.js';
import { AuditLog } from './audit-log.js';
import { storeToken } from './store-token.js';

const WATCHED_MS = 30 * 24 * 3_600_000;

/** What follows from an incident by itself: its token is watched, and blocked where the tenant wants that of what must be a copy. */
@Injectable()
export class ActOnIncident {
  constructor(private readonly audit: AuditLog) {}

  async run(tx: Tx, tenant: string, change: IncidentChange, policy: AttemptPolicy, now: Date): Promise<void> {
    const { before, after } = change;
    if (after.status !== 'OPEN' || !watchesToken(after)) return;
    const { tokenId } = subjectOf(after);
    if (!before) {
      const until = new Date(now.getTime() + WATCHED_MS);
      const known = isUuid(tokenId) ? tokenId : '';
      await watchToken(tx, tenant, {
        tokenHash: after.key,
        tokenId: known,
        incidentId: after.id,
        since: now,
        until,
      });
    }
    const isNow = isCloneSuspicion(after) && !(before && isCloneSuspicion(before));
    if (policy.blockClones && isNow && isUuid(tokenId)) await this.block(tx, tenant, tokenId, after.id, now);
  }

  private async block(tx: Tx, tenant: string, tokenId: string, incidentId: string, now: Date): Promise<void> {
    const token = await lockToken(tx, tenant, tokenId);
    if (token?.status !== 'ACTIVE') return;
    const statusReason = `there may be a copy: incident ${incidentId}`;
    await storeToken(tx, { ...token, status: 'BLOCKED', statusReason, version: token.version + 1 }, now);
    await this.audit.write(tx, {
      tenant,
      by: SYSTEM,
      action: 'token.status_set',
      target: { kind: 'token', id: tokenId },
      reason: statusReason,
      details: { status: 'BLOCKED', incident: incidentId },
    });
  }
}
