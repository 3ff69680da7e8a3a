/**
 * What one connector shows now. Only live messages change it: an offline queue replayed after a reconnect tells the
 * past (Q31), and an older device time never overwrites a newer one.
 */
import {
  connectorStatus,
  type ConnectorStatus,
  type OpenSessionView,
  type ReportedStatus,
} from './connector-status.js';
import { isLive } from './device-time.js';
import { chargingStateOf, hasCharged, type Session } from './session.js';

export interface Connector {
  readonly connectorId: string;
  readonly evseNumber: number;
  readonly number: number;
  readonly reported: ReportedStatus;
  readonly status: ConnectorStatus;
  readonly statusSince?: Date;
  /** Device time of the newest live message that spoke of it. */
  readonly shownAt?: Date;
  /** A session ended here since the connector was last free. */
  readonly sessionEnded: boolean;
  readonly errorCode: string;
  readonly vendorErrorCode: string;
  readonly info: string;
  readonly version: number;
}

export interface StatusReport {
  readonly at: Date;
  readonly reported: ReportedStatus;
  readonly errorCode: string;
  readonly vendorErrorCode: string;
  readonly info: string;
}

/**
 * The connector a message means; chargers leave the connector number out or count it otherwise (docs/ocpp-notes.md
 * section 5).
 */
export function findConnector(
  connectors: readonly Connector[],
  evseNumber: number,
  connectorNumber: number,
): Connector | undefined {
  const ofEvse = connectors.filter((connector) => connector.evseNumber === evseNumber);
  const exact = ofEvse.find((connector) => connector.number === connectorNumber);
  return exact ?? (ofEvse.length === 1 ? ofEvse[0] : undefined);
}

/** The same object when nothing that is shown changes. */
export function afterStatus(
  connector: Connector,
  report: StatusReport,
  open: Session | undefined,
): Connector {
  if (!isLive({ at: report.at, offline: false }, connector.shownAt)) return connector;
  const sessionEnded = report.reported === 'AVAILABLE' ? false : connector.sessionEnded;
  return shown(connector, report.at, {
    reported: report.reported,
    status: connectorStatus(report.reported, viewOf(open), sessionEnded),
    sessionEnded,
    errorCode: report.errorCode,
    vendorErrorCode: report.vendorErrorCode,
    info: report.info,
  });
}

/** After a transaction message: `session` is the one it was about. */
export function afterTransaction(
  connector: Connector,
  message: { readonly at: Date; readonly offline: boolean },
  session: Session,
): Connector {
  if (!isLive(message, connector.shownAt)) return session.end ? withoutSession(connector) : connector;
  const open = session.end ? undefined : session;
  const sessionEnded =
    connector.sessionEnded || (session.end !== undefined && connector.reported !== 'AVAILABLE');
  const status = connectorStatus(connector.reported, viewOf(open), sessionEnded);
  return shown(connector, message.at, { status, sessionEnded: open ? false : sessionEnded });
}

/**
 * The session that was seen on the connector is over, and was so before the connector last spoke: a stop told late, or from an
 * offline queue. What the station reported stands; only what the open session made of it goes.
 */
function withoutSession(connector: Connector): Connector {
  const sessionEnded = connector.sessionEnded || connector.reported !== 'AVAILABLE';
  const status = connectorStatus(connector.reported, undefined, sessionEnded);
  if (status === connector.status || !connector.shownAt) return connector;
  return shown(connector, connector.shownAt, { status, sessionEnded });
}

function viewOf(open: Session | undefined): OpenSessionView | undefined {
  return open && !open.end
    ? { chargingState: chargingStateOf(open), hasCharged: hasCharged(open) }
    : undefined;
}

function shown(connector: Connector, at: Date, parts: Partial<Connector>): Connector {
  const next = { ...connector, ...parts };
  const same =
    next.reported === connector.reported &&
    next.status === connector.status &&
    next.sessionEnded === connector.sessionEnded &&
    next.errorCode === connector.errorCode &&
    next.vendorErrorCode === connector.vendorErrorCode &&
    next.info === connector.info;
  if (same) return connector;
  const statusSince = next.status === connector.status ? connector.statusSince : at;
  return { ...next, statusSince, shownAt: at, version: connector.version + 1 };
}
