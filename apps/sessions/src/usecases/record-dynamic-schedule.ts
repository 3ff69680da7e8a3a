import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { TenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { DynamicScheduleRepository } from '../persistence/dynamic-schedule.repository.js';
import type { StationContact } from './record-station-message.js';

/** PullDynamicScheduleUpdate: what holds now, and that the station has it. Undefined: there is no such schedule. */
@Injectable()
export class RecordDynamicSchedule {
  constructor(
    private readonly database: Database,
    private readonly schedules: DynamicScheduleRepository,
  ) {}

  ask(
    tenant: TenantId,
    { stationId, receivedAt }: StationContact,
    { profileId }: sessions.DynamicScheduleAsked,
  ): Promise<sessions.ScheduleLimits | undefined> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const limits = await this.schedules.ask(tx, tenant, stationId, profileId, receivedAt);
      if (limits) tx.live('station', stationId);
      return limits as sessions.ScheduleLimits | undefined;
    });
  }
}
