import { randomUUID } from 'node:crypto';
import type { sessions } from '@kilowatch/contracts';

/** A session that a card started just now at a three-phase AC connector, with ids of its own, unless said otherwise. */
export function aSessionSnapshot(over: Partial<sessions.SessionSnapshot> = {}): sessions.SessionSnapshot {
  return {
    sessionId: randomUUID(),
    status: 'ACTIVE',
    chargingState: 'CHARGING',
    stationId: randomUUID(),
    stationIdentity: 'CP-1',
    locationId: randomUUID(),
    locationName: 'Garage',
    timeZone: 'Europe/Amsterdam',
    evseId: randomUUID(),
    evseNumber: 1,
    connectorId: randomUUID(),
    connectorNumber: 1,
    protocol: 'ocpp1.6',
    transactionRef: '1',
    tokenId: randomUUID(),
    tokenMasked: '****0001',
    tokenType: 'ISO14443',
    accountId: randomUUID(),
    quoteId: '',
    startedAt: new Date(),
    endedAt: undefined,
    stopReason: '',
    offline: false,
    statePeriods: [],
    maxCurrentA: 32,
    phases: 3,
    startMethod: 'RFID',
    powerType: 'AC_3_PHASE',
    maxVoltageV: 230,
    clockOffsetSeconds: 0,
    costDisplay: undefined,
    tokenRefused: false,
    ownTransactionRef: '',
    ...over,
  };
}
