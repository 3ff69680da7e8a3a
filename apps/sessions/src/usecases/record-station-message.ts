import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { invalid, type Clock, type TenantId } from '@kilowatch/kernel';
import { CLOCK } from '@kilowatch/platform';
import { requireStationId } from '../persistence/situation.repository.js';
import { RecordDeviceEvents } from './record-device-events.js';
import { RecordMonitoringReport } from './record-monitoring-report.js';
import { RecordCustomerInformation } from './record-customer-information.js';
import { RecordDynamicSchedule } from './record-dynamic-schedule.js';
import { RecordDisplayMessages } from './record-display-messages.js';
import { RecordEventStream } from './record-event-stream.js';
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
    private readonly streams: RecordEventStream,
    private readonly schedules: RecordDynamicSchedule,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    tenant: TenantId,
    request: sessions.RecordStationMessageRequest,
  ): Promise<sessions.RecordStationMessageResponse> {
    const { stationId, dynamicScheduleAsked } = request;
    requireStationId(stationId);
    const contact = { stationId, receivedAt: request.receivedAt ?? this.clock.now() };
    if (dynamicScheduleAsked)
      return answered({
        dynamicSchedule: await this.schedules.ask(tenant, contact, dynamicScheduleAsked),
      });
    const eventStream = await this.recordStream(tenant, contact, request);
    if (eventStream) return answered({ eventStream });
    if (await this.recordDevice(tenant, contact, request)) return answered();
    if (await this.recordOperation(tenant, contact, request)) return answered();
    throw invalid('SESSIONS_STATION_MESSAGE', 'The message belongs to no family that is known here.');
  }

  /** Undefined: nothing of the kind. */
  private async recordStream(
    tenant: TenantId,
    contact: StationContact,
    { eventStreamOpened, eventStreamData, eventStreamClosed }: sessions.RecordStationMessageRequest,
  ): Promise<sessions.EventStreamAnswer | undefined> {
    if (eventStreamOpened) return this.streams.open(tenant, contact, eventStreamOpened);
    if (eventStreamData) return this.streams.tell(tenant, contact, eventStreamData);
    return eventStreamClosed && this.streams.close(tenant, contact, eventStreamClosed);
  }

  private async recordDevice(
    tenant: TenantId,
    contact: StationContact,
    { deviceEvents, monitoringReport, securityEvent }: sessions.RecordStationMessageRequest,
  ): Promise<boolean> {
    if (deviceEvents) await this.deviceEvents.record(tenant, contact, deviceEvents);
    else if (monitoringReport) await this.monitoringReports.record(tenant, contact, monitoringReport);
    else if (securityEvent) await this.securityEvents.record(tenant, contact, securityEvent);
    else return false;
    return true;
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

function answered(
  answer: Partial<sessions.RecordStationMessageResponse> = {},
): sessions.RecordStationMessageResponse {
  return { eventStream: undefined, dynamicSchedule: undefined, ...answer };
}
