import { internal, invalid, notFound, forbidden, rateLimited, timeout, unavailable } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { answerToFailure, brokenCall } from './answer-policy.js';

const down = unavailable('X', 'x');
const slow = timeout('X', 'x');

describe('answerToFailure', () => {
  it.each(['StartTransaction', 'StopTransaction', 'MeterValues', 'TransactionEvent'])(
    'closes the socket when %s cannot be stored now, so that the charger keeps it',
    (action) => {
      expect(answerToFailure(action, down)).toMatchObject({ kind: 'close', code: 1013 });
      expect(answerToFailure(action, slow)).toMatchObject({ kind: 'close', code: 1013 });
    },
  );

  it.each([
    ['INVALID', invalid('X', 'x')],
    ['INTERNAL', internal('X', 'x')],
    ['NOT_FOUND', notFound('X', 'x')],
  ])('quarantines a transaction message that will never work (%s)', (_, error) => {
    expect(answerToFailure('StopTransaction', error)).toEqual({ kind: 'quarantine' });
  });

  it.each(['UNAUTHENTICATED', 'UNIMPLEMENTED'])(
    'lets the charger keep a transaction message that no service looked at, because of our own set-up (%s)',
    (status) => {
      const error = internal('SERVICE_CALL_FAILED', 'x', { status });
      expect(answerToFailure('StopTransaction', error)).toMatchObject({ kind: 'close', code: 1013 });
      expect(answerToFailure('BootNotification', error)).toEqual({ kind: 'call_error', fault: 'internal' });
    },
  );

  it.each([
    ['unavailable', down, 'internal'],
    ['timeout', slow, 'internal'],
    ['internal', internal('X', 'x'), 'internal'],
    ['invalid', invalid('X', 'x'), 'formation'],
    ['forbidden', forbidden('X', 'x'), 'security'],
    ['not found', notFound('X', 'x'), 'generic'],
  ])('answers other calls with a CALLERROR (%s)', (_, error, fault) => {
    expect(answerToFailure('BootNotification', error)).toEqual({ kind: 'call_error', fault });
  });

  it('asks any caller to come back later when a limit is hit', () => {
    expect(answerToFailure('Authorize', rateLimited('X', 'x'))).toMatchObject({ kind: 'close', code: 1013 });
  });
});

describe('brokenCall', () => {
  it('finds id and action of a truncated StopTransaction', () => {
    expect(brokenCall('1.6', '[2,"17","StopTransaction",{"transactionId":1,"met')).toEqual({
      id: '17',
      action: 'StopTransaction',
    });
  });

  it('finds those of any other call', () => {
    expect(brokenCall('2.0.1', '[2,"17","Authorize",{')).toEqual({ id: '17', action: 'Authorize' });
  });

  it.each([
    '[2,"17","ChangeAvailability",{',
    '[2,"17","TransactionEvent",{',
    '[3,"17","StopTransaction"',
    'StopTransaction',
    '',
  ])('leaves other text alone: %s', (text) => expect(brokenCall('1.6', text)).toBeUndefined());
});
