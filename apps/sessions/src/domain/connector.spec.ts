import { describe, expect, it } from 'vitest';
import { aConnector, aMessage, minutes, NOON, StationBook } from '../../test/transaction-builders.js';
import { afterStatus, afterTransaction, findConnector, type StatusReport } from './connector.js';
import type { Session } from './session.js';

function report(parts: Partial<StatusReport> = {}): StatusReport {
  return { at: NOON, reported: 'OCCUPIED', errorCode: '', vendorErrorCode: '', info: '', ...parts };
}

function session(...messages: Parameters<typeof aMessage>[0][]): Session {
  const book = new StationBook();
  for (const message of messages) book.record(aMessage(message));
  return [...book.sessions.values()][0]!;
}

const charging = session({}, { kind: 'UPDATED', at: minutes(1), chargingState: 'CHARGING' });
const ended = session(
  {},
  { kind: 'UPDATED', at: minutes(1), chargingState: 'CHARGING' },
  { kind: 'ENDED', at: minutes(9) },
);

describe('finding the connector a message means', () => {
  const two = [aConnector({ number: 1 }), aConnector({ connectorId: 'c2', number: 2 })];

  it('wire: KeyCode and connector 0: the only connector of the EVSE is meant when its number is missing or wrong', () => {
    expect(findConnector([aConnector()], 1, 0)?.connectorId).toBe('connector-1');
    expect(findConnector([aConnector()], 1, 7)?.connectorId).toBe('connector-1');
  });

  it('does not guess between two', () => {
    expect(findConnector(two, 1, 2)?.connectorId).toBe('c2');
    expect(findConnector(two, 1, 0)).toBeUndefined();
    expect(findConnector(two, 2, 1)).toBeUndefined();
  });
});

describe('connector after a status', () => {
  it('is the same object when nothing changed', () => {
    const connector = aConnector({ reported: 'AVAILABLE', status: 'AVAILABLE', shownAt: NOON });
    expect(afterStatus(connector, report({ reported: 'AVAILABLE', at: minutes(9) }), undefined)).toBe(
      connector,
    );
  });

  it('ignores what the device said earlier', () => {
    const connector = aConnector({ reported: 'AVAILABLE', status: 'AVAILABLE', shownAt: NOON });
    expect(afterStatus(connector, report({ reported: 'FAULTED', at: minutes(-1) }), undefined)).toBe(
      connector,
    );
  });

  it('counts its changes and keeps the time of the status while only the error changes', () => {
    const first = afterStatus(
      aConnector(),
      report({ reported: 'FAULTED', errorCode: 'GroundFailure' }),
      undefined,
    );
    const second = afterStatus(
      first,
      report({ reported: 'FAULTED', errorCode: 'OverVoltage', at: minutes(2) }),
      undefined,
    );
    expect([first.version, second.version, second.statusSince]).toEqual([1, 2, NOON]);
  });

  it('is finishing after a session until it is free again', () => {
    const occupied = aConnector({ reported: 'OCCUPIED', status: 'CHARGING', shownAt: NOON });
    const finishing = afterTransaction(occupied, { at: minutes(9), offline: false }, ended);
    const free = afterStatus(finishing, report({ reported: 'AVAILABLE', at: minutes(10) }), undefined);
    const next = afterStatus(free, report({ at: minutes(11) }), undefined);
    expect([finishing.status, free.status, next.status]).toEqual(['FINISHING', 'AVAILABLE', 'PREPARING']);
  });
});

describe('connector after a transaction message', () => {
  it('shows a 2.0.1 session charging', () => {
    const connector = aConnector({ reported: 'OCCUPIED', status: 'PREPARING' });
    expect(afterTransaction(connector, { at: minutes(1), offline: false }, charging).status).toBe('CHARGING');
  });

  it('wire: order of the end: Finishing before or after the stop, the connector is free at last', () => {
    const start = aConnector({ reported: 'CHARGING', status: 'CHARGING', shownAt: minutes(1) });
    const finishing = report({ reported: 'FINISHING', at: minutes(9) });
    const available = report({ reported: 'AVAILABLE', at: minutes(10) });
    const stop = { at: minutes(9), offline: false };
    const emob = afterTransaction(afterStatus(start, finishing, charging), stop, ended);
    const mosim = afterStatus(afterTransaction(start, stop, ended), finishing, undefined);
    for (const connector of [emob, mosim]) {
      expect(connector.status).toBe('FINISHING');
      expect(afterStatus(connector, available, undefined)).toMatchObject({
        status: 'AVAILABLE',
        sessionEnded: false,
      });
    }
  });

  it('Q31: is never touched by an offline message', () => {
    const connector = aConnector({ reported: 'OCCUPIED', status: 'PREPARING' });
    expect(afterTransaction(connector, { at: minutes(1), offline: true }, charging)).toBe(connector);
  });

  it('Q31: is free when the stop of its session comes after it was reported free, from the past or an offline queue', () => {
    const charged = aConnector({ reported: 'CHARGING', status: 'CHARGING', shownAt: minutes(1) });
    const free = afterStatus(charged, report({ reported: 'AVAILABLE', at: minutes(20) }), charging);
    expect(free.status).toBe('CHARGING');
    for (const offline of [false, true]) {
      const stopped = afterTransaction(free, { at: minutes(9), offline }, ended);
      expect([stopped.status, stopped.shownAt]).toEqual(['AVAILABLE', minutes(20)]);
    }
  });

  it('Q31: keeps what the station says when a session of the past ends', () => {
    const faulted = aConnector({ reported: 'FAULTED', status: 'FAULTED', shownAt: minutes(20) });
    expect(afterTransaction(faulted, { at: minutes(9), offline: true }, ended)).toBe(faulted);
  });

  it('wire: Started before Authorize: free at once when Available came before Ended', () => {
    const connector = aConnector({ reported: 'AVAILABLE', status: 'CHARGING' });
    expect(afterTransaction(connector, { at: minutes(9), offline: false }, ended).status).toBe('AVAILABLE');
  });
});
