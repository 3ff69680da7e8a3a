import { describe, expect, it } from 'vitest';
import { chargingStateOf16Status, chargingStateOf201 } from './charging-state.js';
import {
  connectorStatus,
  errorCodeOf,
  plugState,
  reportedStatus,
  type OpenSessionView,
} from './connector-status.js';

const charging: OpenSessionView = { chargingState: 'CHARGING', hasCharged: true };
const connected: OpenSessionView = { chargingState: 'EV_CONNECTED', hasCharged: false };

describe('reported status', () => {
  it.each([
    ['Available', 'AVAILABLE'],
    ['Preparing', 'PREPARING'],
    ['Charging', 'CHARGING'],
    ['SuspendedEVSE', 'SUSPENDED_EVSE'],
    ['SuspendedEV', 'SUSPENDED_EV'],
    ['Finishing', 'FINISHING'],
    ['Reserved', 'RESERVED'],
    ['Unavailable', 'UNAVAILABLE'],
    ['Faulted', 'FAULTED'],
    ['Occupied', 'OCCUPIED'],
    ['occupied', 'OCCUPIED'],
    ['Sleeping', 'UNKNOWN'],
    ['', 'UNKNOWN'],
  ])('reads %s as %s', (text, status) => {
    expect(reportedStatus(text)).toBe(status);
  });
});

describe('connector status', () => {
  it('believes a 1.6 charger that says all itself', () => {
    expect(connectorStatus('SUSPENDED_EV', charging, false)).toBe('SUSPENDED_EV');
  });

  it.each([
    [charging, 'CHARGING'],
    [{ chargingState: 'SUSPENDED_EVSE', hasCharged: true }, 'SUSPENDED_EVSE'],
    [connected, 'PREPARING'],
    [{ chargingState: 'EV_CONNECTED', hasCharged: true }, 'FINISHING'],
  ] as const)('fills in what a 2.0.1 Occupied leaves open: %o is %s', (open, status) => {
    expect(connectorStatus('OCCUPIED', open, false)).toBe(status);
  });

  it('is preparing with a cable and no session, finishing after one', () => {
    expect(connectorStatus('OCCUPIED', undefined, false)).toBe('PREPARING');
    expect(connectorStatus('OCCUPIED', undefined, true)).toBe('FINISHING');
  });

  it('Q48: is not free while a session charges there, whatever the charger says', () => {
    expect(connectorStatus('AVAILABLE', charging, false)).toBe('CHARGING');
  });

  it('is free when the only open session has no cable in', () => {
    expect(connectorStatus('AVAILABLE', { chargingState: 'IDLE', hasCharged: false }, false)).toBe(
      'AVAILABLE',
    );
  });

  it('shows a fault above everything', () => {
    expect(connectorStatus('FAULTED', charging, false)).toBe('FAULTED');
  });

  it('knows nothing of a connector that never spoke', () => {
    expect(connectorStatus('UNKNOWN', undefined, false)).toBe('UNKNOWN');
  });
});

describe('plug state', () => {
  it('Q48: is plugged while a session is open even if the charger says Available', () => {
    expect(plugState('AVAILABLE', connected)).toBe('PLUGGED');
  });

  it('follows the charger without a session', () => {
    expect(plugState('AVAILABLE', undefined)).toBe('UNPLUGGED');
    expect(plugState('FINISHING', undefined)).toBe('PLUGGED');
    expect(plugState('FAULTED', undefined)).toBe('UNKNOWN');
  });
});

describe('charging state words', () => {
  it('reads both versions and nothing else', () => {
    expect(chargingStateOf201('EVConnected')).toBe('EV_CONNECTED');
    expect(chargingStateOf201('Nonsense')).toBeUndefined();
    expect(chargingStateOf16Status('Faulted')).toBe('SUSPENDED_EVSE');
    expect(chargingStateOf16Status('Available')).toBeUndefined();
  });

  it('takes NoError for no error', () => {
    expect(errorCodeOf('NoError')).toBe('');
    expect(errorCodeOf('GroundFailure')).toBe('GroundFailure');
  });
});
