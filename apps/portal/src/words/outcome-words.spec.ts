import { describe, expect, it } from 'vitest';
import {
  codeProof,
  commandOutcome,
  signInRefusalText,
  startRefusalText,
  stopRefusalText,
} from './outcome-words.js';

const MESSAGE = 'the platform’s own words';

describe('refusals', () => {
  it.each([
    'TOKEN_REFUSED',
    'CONNECTOR_BUSY',
    'CONNECTOR_FAULTED',
    'STATION_OFFLINE',
    'STATION_REFUSED',
    'STATION_SILENT',
  ])('of a start has words for %s', (reason) => {
    const text = startRefusalText({ reason, message: MESSAGE });
    expect(text).not.toBe(MESSAGE);
    expect(text).not.toContain('_');
  });

  it.each(['ALREADY_ENDED', 'STATION_OFFLINE', 'STATION_REFUSED', 'STATION_SILENT'])(
    'of a stop has words for %s',
    (reason) => {
      expect(stopRefusalText({ reason, message: MESSAGE })).not.toBe(MESSAGE);
    },
  );

  it('with a reason unknown here are told in the platform’s words', () => {
    expect(startRefusalText({ reason: 'NEW_REASON', message: MESSAGE })).toBe(MESSAGE);
    expect(stopRefusalText({ reason: 'NEW_REASON', message: MESSAGE })).toBe(MESSAGE);
  });

  it('never promise that a silent station did nothing', () => {
    expect(startRefusalText({ reason: 'STATION_SILENT', message: '' })).toContain('may still start');
    expect(stopRefusalText({ reason: 'STATION_SILENT', message: '' })).toContain('may still stop');
  });
});

describe('signInRefusalText', () => {
  it('says how long to wait', () => {
    const wait = (retryAfterSeconds: number | null) =>
      signInRefusalText({ reason: 'RATE_LIMITED', retryAfterSeconds });
    expect(wait(1)).toContain('1 second,');
    expect(wait(45)).toContain('45 seconds');
    expect(wait(600)).toContain('10 minutes');
    expect(wait(null)).toContain('60 seconds');
  });

  it.each(['INACTIVE', 'EMAIL_NOT_VERIFIED', 'CHALLENGE_INVALID', 'PROVIDER_REFUSED', 'SOMETHING_NEW'])(
    'says what to do about %s',
    (reason) => {
      const text = signInRefusalText({ reason, retryAfterSeconds: null });
      expect(text).toMatch(/[Aa]sk your operator|open the link|Sign in again/);
      expect(text).not.toContain('_');
    },
  );

  it('does not tell which of e-mail and password was wrong', () => {
    expect(signInRefusalText({ reason: 'WRONG_CREDENTIALS', retryAfterSeconds: null })).toContain(
      'E-mail or password',
    );
  });
});

describe('codeProof', () => {
  it('tells a code by time from a recovery code', () => {
    expect(codeProof(' 123 456 ')).toEqual({ code: '123456' });
    expect(codeProof(' 7k2m-9x4q ')).toEqual({ recoveryCode: '7k2m-9x4q' });
  });
});

describe('commandOutcome', () => {
  const result = { commandId: '1', status: null, errorCode: null, errorDescription: null };

  it('keeps what the station said apart from what is not known', () => {
    expect(commandOutcome('Reset', { ...result, outcome: 'ACCEPTED', status: 'Accepted' })).toMatchObject({
      tone: 'good',
    });
    expect(commandOutcome('Reset', { ...result, outcome: 'ACCEPTED', status: 'Scheduled' }).text).toContain(
      'once it is free',
    );
    expect(commandOutcome('Reset', { ...result, outcome: 'REJECTED' }).text).toBe(
      'Reset: the station declined.',
    );
    expect(commandOutcome('Reset', { ...result, outcome: 'OFFLINE' }).text).toContain('Nothing was sent');
    expect(commandOutcome('Reset', { ...result, outcome: 'UNKNOWN' })).toMatchObject({ tone: 'warn' });
    const failed = commandOutcome('Reset', {
      ...result,
      outcome: 'CHARGER_ERROR',
      errorCode: 'NotSupported',
    });
    expect(failed).toEqual({
      tone: 'bad',
      text: 'Reset: the station answered with an error (NotSupported).',
    });
  });
});
