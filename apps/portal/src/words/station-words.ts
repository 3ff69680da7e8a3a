import type { StationRow } from '../api/documents/stations.js';
import type { Word } from './session-words.js';

export type ConnectorStatus = StationRow['evses'][number]['status'];

export const CONNECTOR_WORDS: Readonly<Record<ConnectorStatus, Word>> = {
  AVAILABLE: { text: 'Available', tone: 'good' },
  PREPARING: { text: 'Preparing', tone: 'info' },
  CHARGING: { text: 'Charging', tone: 'info' },
  SUSPENDED_EV: { text: 'Paused by car', tone: 'info' },
  SUSPENDED_EVSE: { text: 'Paused by station', tone: 'warn' },
  FINISHING: { text: 'Finishing', tone: 'info' },
  RESERVED: { text: 'Reserved', tone: 'warn' },
  UNAVAILABLE: { text: 'Out of service', tone: 'quiet' },
  FAULTED: { text: 'Fault', tone: 'bad' },
  UNKNOWN: { text: 'Unknown', tone: 'quiet' },
};

interface ConnectorState {
  readonly status: ConnectorStatus;
  readonly errorCode: string | null;
  readonly info: string | null;
}

/** What the connector reports beside its status; undefined when all is well. */
export function connectorProblem({ errorCode, info }: ConnectorState): string | undefined {
  const code =
    errorCode === null || errorCode === 'NoError' || errorCode === '' ? undefined : spaced(errorCode);
  const parts = [code, info === '' ? null : info].filter((part) => part != null);
  return parts.length > 0 ? parts.join(': ') : undefined;
}

/** `GroundFailure` -> `Ground failure`. */
function spaced(code: string): string {
  const words = code
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const WORST_FIRST: readonly ConnectorStatus[] = [
  'FAULTED',
  'SUSPENDED_EVSE',
  'CHARGING',
  'SUSPENDED_EV',
  'FINISHING',
  'PREPARING',
  'RESERVED',
  'AVAILABLE',
  'UNAVAILABLE',
  'UNKNOWN',
];

/** How many connectors are in each status, what needs a person first. */
export function statusCounts(
  station: Pick<StationRow, 'evses'>,
): { status: ConnectorStatus; count: number }[] {
  const all = station.evses.flatMap(({ connectors }) => connectors.map(({ status }) => status));
  return WORST_FIRST.map((status) => ({ status, count: all.filter((one) => one === status).length })).filter(
    ({ count }) => count > 0,
  );
}

/** Free and all places of a location, as a driver counts them: an offline station has none free. */
export function availability(
  stations: readonly { online: boolean; evses: readonly { status: ConnectorStatus }[] }[],
): { free: number; all: number } {
  const evses = stations.flatMap(({ online, evses }) =>
    evses.map(({ status }) => online && status === 'AVAILABLE'),
  );
  return { free: evses.filter(Boolean).length, all: evses.length };
}

/**
 * Whether a driver can start here, and if not, why. PREPARING is a plugged-in car that waits for a start; what is reserved for the driver is
 * no obstacle to them.
 */
export function startObstacle(online: boolean, status: ConnectorStatus, isKept = false): string | undefined {
  if (!online) return 'Offline';
  if (isKept && status === 'RESERVED') return undefined;
  return status === 'AVAILABLE' || status === 'PREPARING' ? undefined : CONNECTOR_WORDS[status].text;
}
