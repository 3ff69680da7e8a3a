import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { invalid, type Clock, type TenantId } from '@kilowatch/kernel';
import { CLOCK } from '@kilowatch/platform';
import { requireStationId } from '../persistence/situation.repository.js';
import { RecordDeviceEvents } from './record-device-events.js';
import { RecordMonitoringReport } from './record-monitoring-report.js';
import { RecordCustomerInformation } from './record-customer-information.js';
import { RecordDisplayMessages } from './record-display-messages.js';
import { RecordFirmwareStatus } from './record-firmware-status.js';
import { RecordLogStatus } from './record-log-status.js';
import { RecordReservationUpdate } from './record-reservation-update.js';
import { RecordSecurityEvent } from './record-security-event.js';

/** Which station speaks, and since when we know what it says. */
export interface StationContact {
  readonly stationId: string;
  readonly receivedAt: Date;
}

/** What a station tells about itself: to the use case of the family. */
@Injectable()
export class RecordStationMessage {
  constructor(
    private readonly securityEvents: RecordSecurityEvent,
    private readonly deviceEvents: RecordDeviceEvents,
    private readonly monitoringReports: RecordMonitoringReport,
    private readonly reservations: RecordReservationUpdate,
    private readonly firmware: RecordFirmwareStatus,
    private readonly logs: RecordLogStatus,
    private readonly displays: RecordDisplayMessages,
    private readonly customers: RecordCustomerInformation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    tenant: TenantId,
    request: sessions.RecordStationMessageRequest,
  ): Promise<sessions.RecordStationMessageResponse> {
    const { stationId } = request;
    requireStationId(stationId);
    const contact = { stationId, receivedAt: request.receivedAt ?? this.clock.now() };
    if (request.deviceEvents) {
      await this.deviceEvents.record(tenant, contact, request.deviceEvents);
      return {};
    }
    if (request.monitoringReport) {
      await this.monitoringReports.record(tenant, contact, request.monitoringReport);
      return {};
    }
    if (request.securityEvent) {
      await this.securityEvents.record(tenant, contact, request.securityEvent);
      return {};
    }
    if (await this.recordOperation(tenant, contact, request)) return {};
    throw invalid('SESSIONS_STATION_MESSAGE', 'The message belongs to no family that is known here.');
  }

  /** What a station tells about something that it was asked to do. False: nothing of the kind. */
  private async recordOperation(
    tenant: TenantId,
    contact: StationContact,
    request: sessions.RecordStationMessageRequest,
  ): Promise<boolean> {
    const { reservationUpdate, firmwareStatus, logStatus, displayMessages, customerInformation } = request;
    if (reservationUpdate) await this.reservations.record(tenant, contact, reservationUpdate);
    else if (firmwareStatus) await this.firmware.record(tenant, contact, firmwareStatus);
    else if (logStatus) await this.logs.record(tenant, contact, logStatus);
    else if (displayMessages) await this.displays.record(tenant, contact, displayMessages);
    else if (customerInformation) await this.customers.record(tenant, contact, customerInformation);
    else return false;
    return true;
  }
}
