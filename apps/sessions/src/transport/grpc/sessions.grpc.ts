import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { GrpcCall, GrpcImplementation } from '@kilowatch/platform';
import { ListLocations } from '../../usecases/list-locations.js';
import { RecordBoot } from '../../usecases/record-boot.js';
import { RecordConnectorStatus } from '../../usecases/record-connector-status.js';
import { RecordStationMessage } from '../../usecases/record-station-message.js';
import { RecordStationReport } from '../../usecases/record-station-report.js';
import { RecordTransaction } from '../../usecases/record-transaction.js';
import { ResolveStandIn } from '../../usecases/resolve-stand-in.js';

@Injectable()
export class SessionsGrpc implements GrpcImplementation<typeof sessions.SessionsServiceService> {
  constructor(
    private readonly boot: RecordBoot,
    private readonly status: RecordConnectorStatus,
    private readonly transaction: RecordTransaction,
    private readonly report: RecordStationReport,
    private readonly message: RecordStationMessage,
    private readonly standIns: ResolveStandIn,
    private readonly locations: ListLocations,
  ) {}

  recordBoot(request: sessions.RecordBootRequest, { tenant }: GrpcCall) {
    return this.boot.record(tenant, request);
  }

  recordConnectorStatus(request: sessions.RecordConnectorStatusRequest, { tenant }: GrpcCall) {
    return this.status.record(tenant, request);
  }

  recordTransactionEvent(request: sessions.RecordTransactionEventRequest, { tenant }: GrpcCall) {
    return this.transaction.record(tenant, request);
  }

  recordStationReport(request: sessions.RecordStationReportRequest, { tenant }: GrpcCall) {
    return this.report.record(tenant, request);
  }

  recordStationMessage(request: sessions.RecordStationMessageRequest, { tenant }: GrpcCall) {
    return this.message.record(tenant, request);
  }

  resolveStandIn(request: sessions.ResolveStandInRequest, { tenant }: GrpcCall) {
    return this.standIns.resolve(tenant, request);
  }

  listLocations(request: sessions.ListLocationsRequest, { tenant }: GrpcCall) {
    return this.locations.list(tenant, request);
  }
}
