import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { Clock, TenantId } from '@kilowatch/kernel';
import { CLOCK, Database, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { isProtocol16 } from '../domain/charging-state.js';
import { afterStatus, findConnector, type Connector, type StatusReport } from '../domain/connector.js';
import { errorCodeOf, reportedStatus } from '../domain/connector-status.js';
import { effectiveTime, isLive } from '../domain/device-time.js';
import { applyMark, concernsSession, type Session } from '../domain/session.js';
import { statusMark } from '../domain/state-periods.js';
import { SessionRepository } from '../persistence/session.repository.js';
import {
  requireStationId,
  SituationRepository,
  stationUnknown,
  type StatusSituation,
} from '../persistence/situation.repository.js';
import { StationRepository } from '../persistence/station.repository.js';
import { WriteStatement } from '../persistence/statement.js';
import { announceConnector } from './announce-connector.js';
import { announceSession, withNextVersion } from './announce-session.js';
import { RecordReservationUpdate } from './record-reservation-update.js';
import { placeOf } from './session-snapshot.js';
import { requireNumber } from './transaction-request.js';

const TOUCH_AFTER_MS = 60_000;

interface Call {
  readonly tenant: TenantId;
  readonly request: sessions.RecordConnectorStatusRequest;
  readonly report: StatusReport;
  readonly receivedAt: Date;
}

/** StatusNotification of both versions. A repeated status costs one read and no write. */
@Injectable()
export class RecordConnectorStatus {
  constructor(
    private readonly database: Database,
    private readonly situations: SituationRepository,
    private readonly sessions: SessionRepository,
    private readonly stations: StationRepository,
    private readonly reservations: RecordReservationUpdate,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async record(
    tenant: TenantId,
    request: sessions.RecordConnectorStatusRequest,
  ): Promise<sessions.RecordConnectorStatusResponse> {
    requireStationId(request.stationId);
    requireNumber('EVSE', request.evseNumber);
    requireNumber('CONNECTOR', request.connectorNumber);
    const receivedAt = request.receivedAt ?? this.clock.now();
    const report: StatusReport = {
      at: effectiveTime(request.occurredAt, receivedAt),
      reported: reportedStatus(request.status),
      errorCode: errorCodeOf(request.errorCode),
      vendorErrorCode: request.vendorErrorCode,
      info: request.info,
    };
    const call = { tenant, request, report, receivedAt };
    const changed = await this.database.shared(tenantScope(tenant), request.stationId, (tx) =>
      request.evseNumber === 0 && request.connectorNumber === 0
        ? this.recordOfStation(tx, call)
        : this.recordOfConnector(tx, call),
    );
    return { changed };
  }

  private async recordOfStation(tx: Tx, { tenant, request, report }: Call): Promise<boolean> {
    const changed = await this.stations.saveReportedStatus(tx, tenant, request.stationId, report);
    if (changed === undefined) throw stationUnknown(request.stationId);
    return changed;
  }

  private async recordOfConnector(tx: Tx, call: Call): Promise<boolean> {
    const { tenant, request, report } = call;
    this.situations.lockStation(tx, tenant, request.stationId);
    const found = await this.situations.forStatus(
      tx,
      tenant,
      request.stationId,
      request.evseNumber,
      report.at,
    );
    const connector = findConnector(found.station.connectors, request.evseNumber, request.connectorNumber);
    if (!connector) {
      const { stationId, evseNumber, connectorNumber } = request;
      this.log.warn({ stationId, evseNumber, connectorNumber }, 'status of a connector nobody provisioned');
      return false;
    }
    return this.apply(tx, call, found, connector);
  }

  private async apply(tx: Tx, call: Call, found: StatusSituation, connector: Connector): Promise<boolean> {
    const { station, sessions } = found;
    const { tenant, request, report, receivedAt } = call;
    const next = afterStatus(connector, report, openOn(connector, found));
    const write = new WriteStatement();
    const live = isLive({ at: report.at, offline: false }, connector.shownAt);
    if (next === connector && live) {
      if (report.at.getTime() - (connector.shownAt?.getTime() ?? 0) > TOUCH_AFTER_MS) {
        this.sessions.touchConnector(write, tenant, connector.connectorId, report.at);
        this.sessions.touchStation(write, tenant, station, this.clock.now());
      }
      await write.run(tx, tenant, station.stationId);
      return false;
    }
    const now = this.clock.now();
    this.sessions.addStatusHistory(write, tenant, {
      stationId: station.stationId,
      evseNumber: connector.evseNumber,
      connectorNumber: connector.number,
      at: report.at,
      status: request.status,
      errorCode: report.errorCode,
      receivedAt,
    });
    if (next !== connector) {
      this.sessions.saveConnector(write, tenant, next, now);
      announceConnector(tx, connector, next, station);
    }
    const changes = isProtocol16(request.protocol) ? marked(sessions, request.status, report.at) : [];
    const placed = changes.map(({ after }) => ({ session: after, place: placeOf(after, station) }));
    this.sessions.saveSessions(write, tenant, placed, now);
    this.sessions.touchStation(write, tenant, station, now);
    await write.run(tx, tenant, station.stationId);
    if (isReservationDropped(request.protocol, connector, next)) {
      await this.reservations.shownFree(tx, tenant, station.stationId, connector.evseNumber, report.at);
    }
    for (const { before, after } of changes) announceSession(tx, before, after, station);
    return next !== connector;
  }
}

/** 1.6 has no message for the end of a reservation; 2.x says it, and may show the connector free a moment before. */
function isReservationDropped(protocol: string, before: Connector, after: Connector): boolean {
  return isProtocol16(protocol) && before.reported === 'RESERVED' && after.reported === 'AVAILABLE';
}

/** The open session whose cable is in this connector, or may be. */
function openOn(connector: Connector, { station, sessions }: StatusSituation): Session | undefined {
  return sessions.find((session) => {
    const { connectorId } = placeOf(session, station);
    return !session.end && (connectorId === undefined || connectorId === connector.connectorId);
  });
}

function marked(sessions: StatusSituation['sessions'], status: string, at: Date) {
  const mark = statusMark(status, at);
  if (!mark) return [];
  return sessions
    .filter((session) => concernsSession(session, at))
    .map((before) => ({ before, after: applyMark(before, mark) }))
    .filter(({ before, after }) => before !== after)
    .map(({ before, after }) => ({ before, after: withNextVersion(before, after) }));
}
