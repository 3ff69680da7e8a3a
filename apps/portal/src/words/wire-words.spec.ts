import { describe, expect, it } from 'vitest';
import type { ConnectionAttemptParts } from '../api/documents/connections.js';
import {
  attemptFacts,
  attemptWord,
  commandNote,
  commandWord,
  correctedPayload,
  frameTitle,
  indented,
  resolutionText,
  setAsideText,
  setupFieldText,
} from './wire-words.js';

const attempt: ConnectionAttemptParts = {
  id: 'a1',
  at: '2026-12-01T12:00:00.000Z',
  times: 1,
  identity: 'CP-1',
  outcome: 'REFUSED',
  reason: 'unknown_station',
  advice: 'Import it.',
  httpStatus: 404,
  url: '/ocpp/CP-1',
  subprotocols: 'ocpp1.6',
  protocol: null,
  securityProfile: null,
  tls: null,
  remoteIp: '192.0.2.7',
  userAgent: '',
  station: null,
};

describe('the words of the wire', () => {
  it.each([
    [{ outcome: 'ACCEPTED', reason: null }, 'Let in'],
    [{ outcome: 'REFUSED', reason: 'unknown_station' }, 'Unknown station'],
    [{ outcome: 'REFUSED', reason: 'tls_version' }, 'TLS version'],
    [{ outcome: 'REFUSED', reason: null }, 'Refused'],
  ] as const)('%o is called %s', (outcome, text) => {
    expect(attemptWord(outcome).text).toBe(text);
  });

  it('leaves out what a charger did not show, and says that it came without TLS', () => {
    expect(attemptFacts(attempt)).toEqual([
      ['Address asked for', '/ocpp/CP-1'],
      ['Versions offered', 'ocpp1.6'],
      ['TLS', 'none'],
      ['Came from', '192.0.2.7'],
      ['Answered', 'HTTP 404'],
    ]);
  });

  it('shows no HTTP status where TLS had failed before any HTTP', () => {
    const names = attemptFacts({ ...attempt, httpStatus: 0, tls: 'no shared cipher' }).map(([name]) => name);
    expect(names).toContain('TLS');
    expect(names).not.toContain('Answered');
  });

  it.each([
    ['RECEIVED', 'BootNotification', '[2,"1","BootNotification",{}]', 'Station asks: BootNotification'],
    ['SENT', 'BootNotification', ' [3,"1",{}]', 'Kilowatch answers: BootNotification'],
    ['RECEIVED', 'Reset', '[4,"1","InternalError","",{}]', 'Station answers with an error: Reset'],
    ['SENT', 'NotifyPeriodicEventStream', '[6,"1",{}]', 'Kilowatch tells: NotifyPeriodicEventStream'],
    ['RECEIVED', null, '[3,"9",{}]', 'Station answers: unknown action'],
    ['RECEIVED', null, 'hello', 'Station: unreadable'],
  ] as const)('a frame %s about %s reads', (direction, action, text, title) => {
    expect(frameTitle({ direction, action, text })).toBe(title);
  });

  it('sets JSON with one line a value, and leaves what was cut as it came', () => {
    expect(indented('[2,"1"]')).toBe('[\n  2,\n  "1"\n]');
    expect(indented('[2,"1","Data')).toBe('[2,"1","Data');
  });

  it('tells a command under way from one that was never sent', () => {
    expect(commandWord({ outcome: null, finishedAt: null }).text).toBe('Under way');
    expect(commandWord({ outcome: null, finishedAt: '2026-12-01T12:00:00Z' }).text).toBe('Not sent');
    expect(commandWord({ outcome: 'UNKNOWN', finishedAt: '2026-12-01T12:00:00Z' }).text).toBe('No answer');
  });

  it('repeats what the charger said about a command', () => {
    expect(commandNote({ status: 'Scheduled', errorCode: null, errorDescription: null })).toBe('Scheduled');
    const error = { status: null, errorCode: 'NotSupported', errorDescription: 'no such profile' };
    expect(commandNote(error)).toBe('NotSupported: no such profile');
    expect(commandNote({ status: null, errorCode: null, errorDescription: null })).toBe('');
  });

  it.each([
    ['  ', null],
    ['{"meterStop":7}', { meterStop: 7 }],
    ['[1]', 'unreadable'],
    ['null', 'unreadable'],
    ['{"meterStop":}', 'unreadable'],
  ])('a correction %j is %j', (typed, payload) => {
    expect(correctedPayload(typed)).toEqual(payload);
  });

  it.each([
    ['SCHEMA_TYPE', 'Does not fit its schema: type'],
    ['SESSION_NOT_FOUND', 'Session not found'],
  ])('%s, why a message was set aside, reads %s', (code, text) => {
    expect(setAsideText(code)).toBe(text);
  });

  it('says what somebody did with a message, and why', () => {
    const dismissed = { resolution: 'DISMISSED', resolutionNote: 'a test', resolvedAt: null };
    expect(resolutionText(dismissed)).toBe('Dismissed: a test');
    expect(resolutionText({ resolution: 'REPLAYED', resolutionNote: null, resolvedAt: null })).toBe(
      'Processed again',
    );
  });

  it('calls the fields of a setup page what people look for', () => {
    expect(setupFieldText('url')).toBe('Address of the backend (URL)');
    expect(setupFieldText('vendor_field')).toBe('Vendor field');
  });
});
