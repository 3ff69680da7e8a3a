import { Injectable } from '@nestjs/common';
import type { metering } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { stored } from '../domain/stored.js';
import { lockSettling, saveEnergy } from '../persistence/billed-session.repository.js';
import { SettleSession } from './settle-session.js';

/** Takes over the closed energy of a session; it is billed now, or when its end is told. */
@Injectable()
export class TakeEnergy {
  constructor(private readonly settle: SettleSession) {}

  async run(tx: Tx, metered: metering.SessionMetered, { tenant }: EventMeta): Promise<void> {
    lockSettling(tx, tenant);
    const { meta: _meta, ...energy } = metered;
    const session = await saveEnergy(tx, tenant, stored(energy));
    if (session) await this.settle.run(tx, session);
  }
}
