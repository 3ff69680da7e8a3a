import { describe, expect, it } from 'vitest';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import { OCPP_VERSIONS } from '../version.js';
import type { ChargerAnswer, TokenStatus } from './charger-answer.js';
import { answerPayload } from './mapping.js';

const schemas = new TypedOcppSchemas();
const NOW = new Date(Date.UTC(2026, 10, 21, 2));

const TOKEN_STATUSES: TokenStatus[] = [
  'Accepted',
  'Blocked',
  'ConcurrentTx',
  'Expired',
  'Invalid',
  'NoCredit',
  'NotAllowedTypeEVSE',
  'NotAtThisLocation',
  'NotAtThisTime',
  'Unknown',
];

describe.each(OCPP_VERSIONS)('answers in %s', (version) => {
  const started = version === '1.6' ? 'StartTransaction' : 'TransactionEvent';
  const ended = version === '1.6' ? 'StopTransaction' : 'TransactionEvent';

  it.each<[string, ChargerAnswer]>([
    ['BootNotification', { type: 'boot', status: 'Pending', currentTime: NOW, intervalSeconds: 61.5 }],
    ['Heartbeat', { type: 'heartbeat', currentTime: NOW }],
    ['StatusNotification', { type: 'empty' }],
    ['MeterValues', { type: 'empty' }],
    ['DataTransfer', { type: 'dataTransfer', status: 'Accepted', data: '{"a":1}' }],
    [ended, { type: 'transaction', transactionRef: '7', token: null }],
    ...TOKEN_STATUSES.flatMap((status): [string, ChargerAnswer][] => {
      const token = { status, groupId: 'G', cacheExpiry: NOW };
      return [
        ['Authorize', { type: 'authorize', token }],
        [started, { type: 'transaction', transactionRef: '7', token }],
      ];
    }),
  ])('%s is valid by the letter of the schema', (action, answer) => {
    const payload = answerPayload(version, action, answer);
    expect(schemas.validateOutbound(version, action, 'response', payload)).toEqual({ ok: true });
  });

  it('Q20: never asks for a heartbeat interval of 0', () => {
    const answer: ChargerAnswer = { type: 'boot', status: 'Accepted', currentTime: NOW, intervalSeconds: 0 };
    expect(answerPayload(version, 'BootNotification', answer)).toMatchObject({ interval: 1 });
  });

  it('Q19: writes times with three decimals and Z', () => {
    expect(answerPayload(version, 'Heartbeat', { type: 'heartbeat', currentTime: NOW })).toEqual({
      currentTime: '2026-11-21T02:00:00.000Z',
    });
  });
});

describe('token answers', () => {
  const authorize = (status: TokenStatus, groupId = 'FLEET'): ChargerAnswer => ({
    type: 'authorize',
    token: { status, groupId },
  });

  it.each([
    ['NoCredit', 'Blocked'],
    ['NotAtThisTime', 'Blocked'],
    ['Unknown', 'Invalid'],
    ['ConcurrentTx', 'ConcurrentTx'],
    ['Blocked', 'Blocked'],
    ['Expired', 'Expired'],
  ] as const)('Q43: %s is %s in 1.6 and itself in 2.0.1', (status, status16) => {
    expect(answerPayload('1.6', 'Authorize', authorize(status))).toMatchObject({
      idTagInfo: { status: status16 },
    });
    expect(answerPayload('2.0.1', 'Authorize', authorize(status))).toMatchObject({ idTokenInfo: { status } });
  });

  it('leaves out a group id too long for 1.6', () => {
    const payload = answerPayload('1.6', 'Authorize', authorize('Accepted', 'x'.repeat(21)));
    expect(payload).toEqual({ idTagInfo: { status: 'Accepted' } });
  });

  it('a 1.6 start gets its transaction id as a number, and no yes that nobody gave (T8); a stop gets neither', () => {
    const answer: ChargerAnswer = { type: 'transaction', transactionRef: '2147483647', token: null };
    expect(answerPayload('1.6', 'StartTransaction', answer)).toEqual({
      transactionId: 2147483647,
      idTagInfo: { status: 'Blocked' },
    });
    expect(answerPayload('1.6', 'StopTransaction', answer)).toEqual({});
  });

  it.each([null, '0', '-1', '2147483648', 'x'])('never starts a 1.6 transaction as %s', (transactionRef) => {
    const answer: ChargerAnswer = { type: 'transaction', transactionRef, token: null };
    expect(() => answerPayload('1.6', 'StartTransaction', answer)).toThrow(
      expect.objectContaining({ code: 'OCPP_TRANSACTION_REF' }),
    );
  });

  it('tells the cost in 2.0.1 only', () => {
    const answer: ChargerAnswer = {
      type: 'transaction',
      transactionRef: 'x',
      token: null,
      totalCost: '12.34',
    };
    expect(answerPayload('2.0.1', 'TransactionEvent', answer)).toEqual({ totalCost: 12.34 });
    expect(answerPayload('1.6', 'StopTransaction', answer)).toEqual({});
  });

  it('says what it found about a certificate', () => {
    const answer: ChargerAnswer = {
      type: 'authorize',
      token: { status: 'Invalid' },
      certificateStatus: 'CertificateRevoked',
    };
    const payload = answerPayload('2.0.1', 'Authorize', answer);
    expect(payload).toMatchObject({ certificateStatus: 'CertificateRevoked' });
    expect(schemas.validateOutbound('2.0.1', 'Authorize', 'response', payload).ok).toBe(true);
  });

  it.each<[string, ChargerAnswer]>([
    ['OpenPeriodicEventStream', { type: 'status', status: 'Rejected', reason: { code: 'x'.repeat(40) } }],
    ['PullDynamicScheduleUpdate', { type: 'dynamicSchedule', limits: null }],
    ['PullDynamicScheduleUpdate', { type: 'dynamicSchedule', limits: { limit: 16, setpointReactiveL3: -2 } }],
    [
      'VatNumberValidation',
      {
        type: 'vatNumber',
        accepted: true,
        vatNumber: 'NL123456789B01 and more than it may be',
        evseNumber: -1,
        reason: { code: 'Registered', text: 'y'.repeat(2_000) },
        company: { name: 'ACME', address1: 'A 1', address2: null, city: 'B', country: 'NL' },
      },
    ],
  ])('2.1 %s never break their schema', (action, answer) => {
    const payload = answerPayload('2.1', action, answer);
    expect(schemas.validateOutbound('2.1', action, 'response', payload)).toEqual({ ok: true });
  });
});
