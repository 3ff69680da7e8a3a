import type { AttemptEvent } from '../../src/domain/attempts/attempt-event.js';
import type { AttemptHistory } from '../../src/domain/attempts/attempt-history.js';
import { quietMsOf } from '../../src/domain/attempts/attempt-readings.js';
import type { AttemptPolicy } from '../../src/domain/attempts/attempt-rules.js';
import { judged, nameOf, watchedIn } from '../../src/domain/attempts/attempt-watch.js';
import { incidentsAfter, type Incident } from '../../src/domain/attempts/incident.js';

/** The monitor with memory instead of tables: `batches` are what arrives together. Gives all incidents that were ever made. */
export function replay(batches: readonly (readonly AttemptEvent[])[], policy: AttemptPolicy): Incident[] {
  const histories = new Map<string, AttemptHistory>();
  const incidents = new Map<string, Incident>();
  let ids = 0;
  for (const batch of batches) {
    const now = new Date(Math.max(...batch.map(({ at }) => at)));
    for (const watched of watchedIn(batch, policy)) {
      const name = nameOf(watched);
      const added = judged(histories.get(name), watched, policy);
      histories.set(name, added.history);
      const held = [...incidents.values()].filter((incident) => nameOf(incident) === name);
      const { rule, key } = watched;
      const newId = () => `incident-${++ids}`;
      for (const { after } of incidentsAfter(held, added, {
        rule,
        key,
        quietMs: quietMsOf(policy, rule),
        now,
        newId,
      }))
        incidents.set(after.id, after);
    }
  }
  return [...incidents.values()];
}

/** What two replays must agree about: which one it was told first, and in how many steps, is no part of it. */
export function outcomeOf(incidents: readonly Incident[]) {
  return incidents
    .filter(({ closeReason }) => closeReason !== 'MERGED' && closeReason !== 'EXPLAINED')
    .map(({ rule, key, severity, status, count, firstSeen, lastSeen, evidence }) => ({
      rule,
      key,
      severity,
      status,
      count,
      first: firstSeen.toISOString(),
      last: lastSeen.toISOString(),
      evidence,
    }))
    .sort((a, b) => (`${a.rule}|${a.key}|${a.first}` < `${b.rule}|${b.key}|${b.first}` ? -1 : 1));
}
