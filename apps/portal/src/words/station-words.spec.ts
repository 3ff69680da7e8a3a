import { describe, expect, it } from 'vitest';
import { alertTarget } from './alert-target.js';
import {
  connectorPowerW,
  connectorStandardText,
  sessionWord,
  stopReasonText,
  tokenText,
} from './session-words.js';
import {
  availability,
  connectorProblem,
  startObstacle,
  statusCounts,
  type ConnectorStatus,
} from './station-words.js';

const evse = (...statuses: ConnectorStatus[]) => ({
  id: 'e',
  number: 1,
  status: statuses[0] ?? 'UNKNOWN',
  connectors: statuses.map((status, i) => ({
    id: String(i),
    number: i,
    status,
    errorCode: null,
    info: null,
  })),
});

describe('stations', () => {
  it('count connectors with what needs a person first', () => {
    const counts = statusCounts({ evses: [evse('AVAILABLE', 'AVAILABLE'), evse('FAULTED')] });
    expect(counts).toEqual([
      { status: 'FAULTED', count: 1 },
      { status: 'AVAILABLE', count: 2 },
    ]);
  });

  it('have no free place while offline', () => {
    const stations = [
      { online: true, evses: [evse('AVAILABLE'), evse('CHARGING')] },
      { online: false, evses: [evse('AVAILABLE')] },
    ];
    expect(availability(stations)).toEqual({ free: 1, all: 3 });
  });

  it('let a driver start at a free or plugged-in connector only', () => {
    expect(startObstacle(true, 'AVAILABLE')).toBeUndefined();
    expect(startObstacle(true, 'PREPARING')).toBeUndefined();
    expect(startObstacle(true, 'FAULTED')).toBe('Fault');
    expect(startObstacle(false, 'AVAILABLE')).toBe('Offline');
    expect(startObstacle(true, 'RESERVED')).toBe('Reserved');
    expect(startObstacle(true, 'RESERVED', true)).toBeUndefined();
    expect(startObstacle(false, 'RESERVED', true)).toBe('Offline');
    expect(startObstacle(true, 'FAULTED', true)).toBe('Fault');
  });

  it('tell a problem in words and nothing when there is none', () => {
    expect(connectorProblem({ status: 'AVAILABLE', errorCode: 'NoError', info: '' })).toBeUndefined();
    expect(connectorProblem({ status: 'FAULTED', errorCode: 'GroundFailure', info: 'RCD tripped' })).toBe(
      'Ground failure: RCD tripped',
    );
  });
});

describe('sessions', () => {
  it('that ended are ended whatever the car did last', () => {
    expect(sessionWord({ state: 'ENDED', chargingState: 'CHARGING' }).text).toBe('Ended');
    expect(sessionWord({ state: 'ACTIVE', chargingState: 'SUSPENDED_EV' }).text).toBe('Paused by the car');
  });

  it('give the reason of their end, also one this page does not know', () => {
    expect(stopReasonText(null)).toBeUndefined();
    expect(stopReasonText('EVDisconnected')).toBe('The cable was unplugged.');
    expect(stopReasonText('MasterPass')).toContain('MasterPass');
  });

  it('show the credential by kind and last digits', () => {
    expect(tokenText({ type: 'ISO14443', masked: '****C3D4' })).toBe('Card ****C3D4');
  });
});

describe('connectors', () => {
  it('give the power of their phases, however the voltage is named', () => {
    expect(connectorPowerW({ powerType: 'AC_3_PHASE', maxCurrentA: 16, maxVoltageV: 230 })).toBe(11_040);
    expect(connectorPowerW({ powerType: 'AC_3_PHASE', maxCurrentA: 16, maxVoltageV: 400 })).toBe(11_085);
    expect(connectorPowerW({ powerType: 'AC_1_PHASE', maxCurrentA: 32, maxVoltageV: 230 })).toBe(7_360);
    expect(connectorPowerW({ powerType: 'DC', maxCurrentA: 125, maxVoltageV: 400 })).toBe(50_000);
  });

  it('are called what drivers call them', () => {
    expect(connectorStandardText('IEC_62196_T2_COMBO')).toBe('CCS');
    expect(connectorStandardText('DOMESTIC_F')).toBe('DOMESTIC F');
  });
});

describe('alertTarget', () => {
  const station = { id: 'st', name: 'S' };
  const session = { id: 'se' };
  it('leads a fault to its station and the rest to the session', () => {
    expect(alertTarget({ kind: 'STATION_FAULT', session, station })).toBe('/stations/st');
    expect(alertTarget({ kind: 'ANOMALY', session, station })).toBe('/sessions/se');
    expect(alertTarget({ kind: 'ANOMALY', session: null, station })).toBe('/stations/st');
    expect(alertTarget({ kind: 'INVOICE_READY', session: null, station: null })).toBe('/alerts');
  });
});
