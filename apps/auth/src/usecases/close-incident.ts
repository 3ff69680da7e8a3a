import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, storableText, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { closedBy } from '../domain/attempts/attempt-history.js';
import { keptMs } from '../domain/attempts/attempt-readings.js';
import { nameOf } from '../domain/attempts/attempt-watch.js';
import { ended, type Incident } from '../domain/attempts/incident.js';
import { findHistories, saveHistories } from '../persistence/attempt-history.repository.js';
import { findPolicy } from '../persistence/attempt-policy.repository.js';
import { findIncident, saveIncident } from '../persistence/incident.repository.js';
import { endWatch } from '../persistence/token-watch.repository.js';
import { announceIncident } from './announce-incident.js';
import { actorOf, AuditLog } from './audit-log.js';
import { attemptsLock } from './monitor-attempts.js';

const LONGEST_NOTE = 500;

/** A person has looked at an incident. What its signs were is used up: only what comes later can make another one. */
@Injectable()
export class CloseIncident {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One that is closed already stays as it is. */
  async run(
    principal: Principal,
    wanted: { incidentId: string; reason: string },
    address?: string,
  ): Promise<Incident> {
    const { tenant } = principal;
    const reason = storableText(wanted.reason).trim().slice(0, LONGEST_NOTE);
    if (reason === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    if (!isUuid(wanted.incidentId)) throw notFound('AUTH_INCIDENT', 'There is no such incident.');
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(attemptsLock(tenant));
      const held = await findIncident(tx, tenant, wanted.incidentId);
      if (!held) throw notFound('AUTH_INCIDENT', 'There is no such incident.');
      if (held.status === 'CLOSED') return held;
      const now = this.clock.now();
      const change = ended(held, 'PERSON', now, { closedBy: principal.accountId, closeNote: reason });
      const { rule, key } = held;
      const [histories, { policy }] = await Promise.all([
        findHistories(tx, tenant, [held]),
        findPolicy(tx, tenant),
      ]);
      const history = histories.get(nameOf(held));
      const keptUntil = new Date(now.getTime() + keptMs(policy, rule));
      const through = held.lastSeen.getTime();
      if (history)
        await saveHistories(tx, tenant, [{ rule, key, history: closedBy(history, through), keptUntil }]);
      await saveIncident(tx, tenant, change.after);
      await endWatch(tx, tenant, held.id);
      announceIncident(tx, tenant, change, now);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'incident.closed',
        target: { kind: 'incident', id: held.id },
        reason,
        details: { rule },
      });
      return change.after;
    });
  }
}
