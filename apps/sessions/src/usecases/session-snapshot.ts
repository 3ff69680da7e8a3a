import type { sessions } from '@kilowatch/contracts';
import { findConnector } from '../domain/connector.js';
import { chargingStateOf, periodsOf, statusOf, type Session } from '../domain/session.js';
import type { SessionPlace } from '../persistence/session-row.js';
import type { StationContext } from '../persistence/station-context.js';

/** The whole session as other services see it. Events carry state, not deltas. */
export function snapshotOf(session: Session, station: StationContext): sessions.SessionSnapshot {
  const connector = findConnector(station.connectors, session.evseNumber, session.connectorNumber);
  const plate = connector && station.plates.get(connector.connectorId);
  const { payer, end } = session;
  return {
    sessionId: session.sessionId,
    status: statusOf(session),
    chargingState: chargingStateOf(session),
    stationId: session.stationId,
    stationIdentity: station.identity,
    locationId: station.locationId,
    locationName: station.locationName,
    timeZone: station.timeZone,
    evseId: plate?.evseId ?? '',
    evseNumber: session.evseNumber,
    connectorId: connector?.connectorId ?? '',
    connectorNumber: connector?.number ?? session.connectorNumber,
    protocol: session.protocol,
    transactionRef: session.transactionRef,
    ownTransactionRef: session.ownRef ?? '',
    tokenId: payer?.tokenId ?? '',
    tokenMasked: payer?.tokenMasked ?? '',
    tokenType: payer?.tokenType ?? '',
    accountId: payer?.accountId ?? '',
    quoteId: payer?.quoteId ?? '',
    startedAt: session.startedAt,
    endedAt: end?.at,
    stopReason: end?.reason ?? '',
    offline: session.offline,
    statePeriods: periodsOf(session).map(({ state, from, to }) => ({ state, from, to })),
    maxCurrentA: plate?.maxCurrentA ?? 0,
    phases: plate ? phasesOf(plate.powerType) : 0,
    startMethod: payer?.startMethod ?? (session.offline ? 'OFFLINE' : 'RFID'),
    powerType: plate?.powerType ?? '',
    maxVoltageV: plate?.maxVoltageV ?? 0,
    clockOffsetSeconds: session.clockOffsetSeconds,
    costDisplay: station.costDisplay(session.protocol),
    tokenRefused: payer?.authorised === false,
  };
}

export function placeOf(session: Session, station: StationContext): SessionPlace {
  const connector = findConnector(station.connectors, session.evseNumber, session.connectorNumber);
  return { locationId: station.locationId, connectorId: connector?.connectorId };
}

function phasesOf(powerType: string): number {
  if (powerType === 'DC') return 0;
  return powerType === 'AC_1_PHASE' ? 1 : 3;
}
