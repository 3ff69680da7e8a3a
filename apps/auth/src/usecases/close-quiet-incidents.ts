import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { ended } from '../domain/attempts/incident.js';
import { dueIncidents, findIncident, saveIncident } from '../persistence/incident.repository.js';
import { announceIncident } from './announce-incident.js';
import { attemptsLock } from './monitor-attempts.js';

interface DueIncident {
  readonly tenant: string;
  readonly id: string;
}

/** Closes incidents of which nothing was seen for the quiet time of their rule. */
@Injectable()
export class CloseQuietIncidents implements DueWorkDefinition<DueIncident> {
  readonly name = 'close-quiet-incidents';
  readonly intervalMs = 10_000;

  take(tx: Tx, now: Date, limit: number): Promise<DueIncident[]> {
    return dueIncidents(tx, now, limit);
  }

  async run(tx: Tx, { tenant, id }: DueIncident, now: Date): Promise<void> {
    tx.lock(attemptsLock(tenant));
    const held = await findIncident(tx, tenant, id);
    // Another process was faster, or another sign came.
    if (held?.status !== 'OPEN' || held.dueAt > now) return;
    const change = ended(held, 'QUIET', held.dueAt);
    await saveIncident(tx, tenant, change.after);
    announceIncident(tx, tenant, change, now);
  }
}
