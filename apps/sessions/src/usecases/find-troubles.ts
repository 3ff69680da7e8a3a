import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, counter, IDS, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';
import { troubleOf } from '../domain/connector-trouble.js';
import { RecoveryRepository, type Suspect } from '../persistence/recovery.repository.js';

/**
 * Looks for connectors that misbehave without a session (Q47). One look a minute over what is stored: no status message pays for
 * it. One that only looks like it is put to rest like the others, so that it is not looked at each minute.
 */
@Injectable()
export class FindTroubles implements DueWorkDefinition<Suspect> {
  readonly name = 'find-connector-troubles';
  readonly intervalMs = 60_000;

  constructor(
    private readonly recoveries: RecoveryRepository,
    @Inject(CONFIG) private readonly config: SessionsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<Suspect[]> {
    return this.config.KW_RECOVER_CONNECTORS ? this.recoveries.suspects(tx, now, limit) : Promise.resolve([]);
  }

  async run(tx: Tx, suspect: Suspect, now: Date): Promise<void> {
    const { tenant, stationId, connectorId } = suspect;
    const connector = await this.recoveries.connector(tx, tenant, connectorId, now);
    const free = connector && !connector.busy && connector.inService;
    const trouble = free ? troubleOf(connector.changes, now.getTime()) : undefined;
    const found = {
      trouble: trouble ?? '',
      state: trouble ? 'TRYING' : 'DROPPED',
      at: this.clock.now(),
    } as const;
    const isNew = await this.recoveries.open(
      tx,
      { tenant, id: this.ids.newId(), stationId, connectorId },
      found,
    );
    if (!trouble || !isNew) return;
    tx.live('station', stationId);
    tx.afterCommit(() => counter('kw_connector_troubles_total').inc({ trouble: trouble.toLowerCase() }));
  }
}
