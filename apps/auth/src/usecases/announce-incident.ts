import { events } from '@kilowatch/contracts';
import { counter, type Tx } from '@kilowatch/platform';
import { isNews, type IncidentChange } from '../domain/attempts/incident.js';
import { subjectOf } from '../domain/attempts/incident-subject.js';
import { SUGGESTED_ACTIONS } from '../domain/attempts/suggested-action.js';

/** The audience of live messages that stands for all operators of a tenant. */
const OPERATORS = 'operators';

/** Tells who watches of every change, and other services of those that are news. */
export function announceIncident(tx: Tx, tenant: string, { before, after }: IncidentChange, at: Date): void {
  tx.live('incident', after.id, after.version, tenant, OPERATORS);
  if (!isNews(before, after)) return;
  tx.publish(events.attemptIncidentChanged, {
    aggregateId: after.id,
    aggregateVersion: after.version,
    occurredAt: at,
    tenant,
    payload: {
      incidentId: after.id,
      rule: after.rule,
      severity: after.severity,
      status: after.status,
      firstSeen: after.firstSeen,
      lastSeen: after.lastSeen,
      count: after.count,
      ...subjectOf(after),
      closeReason: after.closeReason ?? '',
      suggestedAction: SUGGESTED_ACTIONS[after.rule],
    },
  });
  const { rule, severity } = after;
  if (after.status === 'OPEN' && before?.severity !== severity)
    tx.afterCommit(() => counter('kw_auth_incidents_total').inc({ rule, severity }));
}
