import { describe, expect, it } from 'vitest';
import {
  anomalyAlert,
  attemptAlert,
  chargingStateAlert,
  endedAlert,
  firmwareAlert,
  faultAlert,
  interruptedAlert,
  invoiceAlert,
  isHint,
  orphanAlert,
  securityAlert,
  startedAlert,
  type SessionFacts,
} from './alert-for-event.js';

const AT = new Date('2026-03-01T12:30:00Z');
const session: SessionFacts = {
  sessionId: 's1',
  accountId: 'dora',
  stationId: 'st1',
  stationIdentity: 'CP-1',
  locationName: 'Garage West',
  timeZone: 'Europe/Amsterdam',
};
const withoutAccount = { ...session, accountId: '' };

const POWER_LOSS = { stopReason: 'PowerLoss', periods: [] };

describe('alerts to drivers', () => {
  it('say that charging started, with the place', () => {
    expect(startedAlert(session, AT)).toEqual({
      recipient: 'dora',
      kind: 'CHARGING_STARTED',
      dedupeKey: 'started:s1',
      sessionId: 's1',
      stationId: 'st1',
      raisedAt: AT,
      facts: {
        stationIdentity: 'CP-1',
        locationName: 'Garage West',
        timeZone: 'Europe/Amsterdam',
        at: '2026-03-01T12:30:00.000Z',
      },
    });
  });

  it.each([
    ['CHARGING SUSPENDED_EV', true],
    ['CHARGING SUSPENDED_EVSE SUSPENDED_EV', true],
    ['EV_CONNECTED SUSPENDED_EV', false],
    ['CHARGING SUSPENDED_EVSE', false],
    ['CHARGING SUSPENDED_EV CHARGING', false],
  ])('after %s is a full car: %s', (told, full) => {
    const states = told.split(' ');
    const from = (i: number) => new Date(AT.getTime() + i * 60_000);
    const periods = states.map((state, i) => ({
      state,
      from: from(i),
      to: i + 1 < states.length ? from(i + 1) : undefined,
    }));
    const alert = chargingStateAlert(session, { state: states.at(-1)!, periods }, AT);
    expect(alert?.kind).toBe(full ? 'FULLY_CHARGED' : undefined);
  });

  it.each([
    ['PowerLoss', true],
    ['EmergencyStop', true],
    ['GroundFault', true],
    ['Other', true],
    ['powerloss', true],
    ['Local', false],
    ['Remote', false],
    ['EVDisconnected', false],
    ['DeAuthorized', false],
    ['', false],
  ])('stop reason "%s" interrupted the charging: %s', (reason, interrupted) => {
    expect(endedAlert(session, { stopReason: reason, periods: [] }, AT) !== undefined).toBe(interrupted);
  });

  it('are none of a car that was full for a while when a fault ended its session', () => {
    const before = (minutes: number) => new Date(AT.getTime() - minutes * 60_000);
    const fullFor = (minutes: number) => [
      { state: 'CHARGING', from: before(200), to: before(minutes) },
      { state: 'SUSPENDED_EV', from: before(minutes), to: AT },
    ];
    expect(endedAlert(session, { ...POWER_LOSS, periods: fullFor(90) }, AT)).toBeUndefined();
    expect(endedAlert(session, { ...POWER_LOSS, periods: fullFor(0.5) }, AT)).toBeDefined();
  });

  it('share one key for an interruption, whoever noticed it', () => {
    expect(endedAlert(session, POWER_LOSS, AT)?.dedupeKey).toBe(
      interruptedAlert(session, 'INTERRUPTION', AT)?.dedupeKey,
    );
  });

  it('carry the amount of an invoice even when the session is not known yet', () => {
    const invoice = {
      invoiceId: 'i1',
      number: 'KW-7',
      accountId: 'dora',
      sessionId: 's1',
      month: '',
      amount: '12.30',
      currency: 'EUR',
    };
    expect(invoiceAlert(invoice, undefined, AT)).toMatchObject({
      recipient: 'dora',
      dedupeKey: 'invoice:i1',
      stationId: '',
      facts: { invoiceNumber: 'KW-7', amount: '12.30', currency: 'EUR' },
    });
    expect(invoiceAlert({ ...invoice, sessionId: '', month: '2026-03' }, undefined, AT)?.facts).toMatchObject(
      {
        month: '2026-03',
      },
    );
    expect(invoiceAlert({ ...invoice, accountId: '' }, session, AT)).toBeUndefined();
    // A bill below zero is told by what it brings.
    expect(invoiceAlert({ ...invoice, amount: '-1.21' }, session, AT)?.facts).toMatchObject({
      ...{ amount: '1.21', cause: 'IN_FAVOUR' },
    });
  });

  it('are not made for sessions of cards without an account', () => {
    expect(startedAlert(withoutAccount, AT)).toBeUndefined();
    expect(endedAlert(withoutAccount, POWER_LOSS, AT)).toBeUndefined();
    const periods = [
      { state: 'CHARGING', from: AT, to: new Date(AT.getTime() + 60_000) },
      { state: 'SUSPENDED_EV', from: new Date(AT.getTime() + 60_000) },
    ];
    const change = { state: 'SUSPENDED_EV', periods };
    expect(chargingStateAlert(withoutAccount, change, AT)).toBeUndefined();
  });
});

describe('alerts to operators', () => {
  it('tell two faults of one connector apart', () => {
    const connector = {
      connectorId: 'c1',
      stationId: 'st1',
      stationIdentity: 'CP-1',
      connectorNumber: 2,
      errorCode: 'GroundFailure',
    };
    const keys = [4, 9].map((version) => faultAlert(connector, version, AT).dedupeKey);
    expect(new Set(keys).size).toBe(2);
    expect(faultAlert(connector, 4, AT)).toMatchObject({
      recipient: 'operators',
      facts: { cause: 'GroundFailure' },
    });
  });

  it('name the station of an anomaly with or without a known session', () => {
    const anomaly = {
      anomalyId: 'a1',
      kind: 'ZERO_ENERGY',
      sessionId: 's1',
      stationId: 'st1',
      stationIdentity: 'CP-1',
    };
    expect(anomalyAlert(anomaly, undefined, AT).facts).toMatchObject({
      stationIdentity: 'CP-1',
      cause: 'ZERO_ENERGY',
    });
    expect(anomalyAlert({ ...anomaly, stationIdentity: '' }, session, AT).facts).toMatchObject({
      stationIdentity: 'CP-1',
      locationName: 'Garage West',
    });
  });

  const station = {
    stationId: 'st1',
    stationIdentity: 'CP-1',
    locationName: 'Depot',
    timeZone: 'Europe/Amsterdam',
  };

  it('tell once a day of a charge under the id of one that has ended, not of what waits for its start', () => {
    const orphan = { ...station, transactionRef: '1', kind: 'STARTED', reason: 'REUSED_TRANSACTION_ID' };
    expect(orphanAlert(orphan, AT)).toMatchObject({
      recipient: 'operators',
      kind: 'TRANSACTION_ORPHANED',
      dedupeKey: 'orphan:st1:1:2026-03-01',
      stationId: 'st1',
      facts: { cause: 'REUSED_TRANSACTION_ID', locationName: 'Depot' },
    });
    expect(orphanAlert({ ...orphan, reason: 'UNKNOWN_TRANSACTION' }, AT)).toBeUndefined();
    // A cable that is pulled long after the end begins nothing.
    expect(orphanAlert({ ...orphan, kind: 'UPDATED' }, AT)).toBeUndefined();
    // A service of the version before says no reason.
    expect(orphanAlert({ ...orphan, reason: '' }, AT)).toBeUndefined();
  });

  it('tell of an unauthorised attempt when it opens and when it becomes severe, not when it grows, closes or matters little', () => {
    const incident = {
      incidentId: 'i1',
      rule: 'STATION_CREDENTIAL',
      severity: 'MEDIUM',
      status: 'OPEN',
      stationId: 'st1',
      tokenMasked: '',
      identity: 'cp-1',
      address: '203.0.113.5',
    };
    const keyOf = (over: Partial<typeof incident>) => attemptAlert({ ...incident, ...over }, AT)?.dedupeKey;
    expect(attemptAlert(incident, AT)).toMatchObject({
      recipient: 'operators',
      kind: 'UNAUTHORISED_ATTEMPT',
      stationId: 'st1',
      facts: { cause: 'STATION_CREDENTIAL', suspect: 'cp-1' },
    });
    expect(new Set([keyOf({}), keyOf({}), keyOf({ severity: 'HIGH' })]).size).toBe(2);
    expect([keyOf({ severity: 'LOW' }), keyOf({ status: 'CLOSED' })]).toEqual([undefined, undefined]);
    expect(attemptAlert({ ...incident, identity: '', address: '' }, AT)?.facts).not.toHaveProperty('suspect');
    const flapping = {
      ...incident,
      rule: 'CONNECTION_FLAPPING',
      identity: '',
      address: '203.0.113.5',
      replacedAddress: '198.51.100.7',
    };
    expect(attemptAlert(flapping, AT)?.facts).toMatchObject({ suspect: '203.0.113.5, 198.51.100.7' });
    expect(attemptAlert({ ...flapping, replacedAddress: '203.0.113.5' }, AT)?.facts).toMatchObject({
      suspect: '203.0.113.5',
    });
  });

  it('tell of a security event that needs somebody, once a day and kind', () => {
    const event = { ...station, kind: 'InvalidTLSVersion', needsAttention: true };
    const later = new Date(AT.getTime() + 3_600_000);
    const nextDay = new Date(AT.getTime() + 86_400_000);
    const keyOf = (at: Date, kind = event.kind) => securityAlert({ ...event, kind }, at)?.dedupeKey;
    expect(securityAlert(event, AT)).toMatchObject({
      recipient: 'operators',
      kind: 'STATION_SECURITY',
      facts: { cause: 'InvalidTLSVersion', locationName: 'Depot' },
    });
    expect(keyOf(later)).toBe(keyOf(AT));
    expect(new Set([keyOf(AT), keyOf(nextDay), keyOf(AT, 'MemoryExhaustion')]).size).toBe(3);
    expect(securityAlert({ ...event, needsAttention: false }, AT)).toBeUndefined();
  });

  it.each([
    ['INSTALLATION_FAILED', true, true],
    ['INVALID_SIGNATURE', true, true],
    ['REFUSED', true, false],
    ['INSTALLED', false, false],
  ])('of an update that is %s', (status, failed, told) => {
    const alert = firmwareAlert({ ...station, firmwareUpdateId: 'f1', status, failed }, AT);
    expect(alert?.kind).toBe(told ? 'FIRMWARE_FAILED' : undefined);
  });
});

it.each([
  [0.5, true],
  [0.6, false],
  // Nobody said how sure it is.
  [0, false],
])('an anomaly of confidence %d is no more than a hint: %s', (confidence, hint) => {
  expect(isHint({ confidence })).toBe(hint);
});
