import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { invalid, type Clock, type TenantId } from '@kilowatch/kernel';
import { CLOCK } from '@kilowatch/platform';
import { requireStationId } from '../persistence/situation.repository.js';
import { RecordSecurityEvent } from './record-security-event.js';

/** Which station speaks, and since when we know what it says. */
export interface StationContact {
  readonly stationId: string;
  readonly protocol: string;
  readonly receivedAt: Date;
}

/** What a station tells about itself: to the use case of the family. */
@Injectable()
export class RecordStationMessage {
  constructor(
    private readonly securityEvents: RecordSecurityEvent,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    tenant: TenantId,
    request: sessions.RecordStationMessageRequest,
  ): Promise<sessions.RecordStationMessageResponse> {
    const { stationId, protocol } = request;
    requireStationId(stationId);
    const contact = { stationId, protocol, receivedAt: request.receivedAt ?? this.clock.now() };
    if (request.securityEvent) {
      await this.securityEvents.record(tenant, contact, request.securityEvent);
      return {};
    }
    throw invalid('SESSIONS_STATION_MESSAGE', 'The message belongs to no family that is known here.');
  }
}
