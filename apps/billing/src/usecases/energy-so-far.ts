import { Inject, Injectable } from '@nestjs/common';
import { tenantId } from '@kilowatch/kernel';
import { stored } from '../domain/stored.js';
import { METERING, type MeteringClient } from '../peers.js';
import type { StoredEnergy } from '../persistence/billed-session.repository.js';

/** As many as metering answers for at a time. */
const AT_A_TIME = 20;
const DEADLINE_MS = 3_000;

/**
 * The energy of running sessions as metering would close it now. Metering is asked and nothing is kept here: what decides about the
 * final energy decides about the live cost too (docs/adr/0018), and readings cause billing no work.
 */
@Injectable()
export class EnergySoFar {
  constructor(@Inject(METERING) private readonly metering: MeteringClient) {}

  /** Keyed by session; one metering has not heard of is missing. Throws UNAVAILABLE while metering is away. */
  async of(tenant: string, sessionIds: readonly string[]): Promise<Map<string, StoredEnergy>> {
    const found = new Map<string, StoredEnergy>();
    for (let i = 0; i < sessionIds.length; i += AT_A_TIME) {
      const { sessions } = await this.metering.tellEnergySoFar(
        { sessionIds: sessionIds.slice(i, i + AT_A_TIME) },
        { tenant: tenantId(tenant), deadlineMs: DEADLINE_MS, idempotent: true },
      );
      for (const { meta: _meta, ...energy } of sessions) found.set(energy.sessionId, stored(energy));
    }
    return found;
  }
}
