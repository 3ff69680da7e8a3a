import { ocppGateway } from '@kilowatch/contracts';
import { describe, expect, it } from 'vitest';
import { commandOf } from './command-request.js';

const request = (command: Partial<ocppGateway.SendRequest>) =>
  ocppGateway.SendRequest.fromPartial({ stationId: 's', ...command });

describe('commandOf', () => {
  it('takes 0 and empty text as not said', () => {
    const start = ocppGateway.RequestStart.fromPartial({
      idToken: { value: 'T', type: '' },
      remoteStartId: 7,
    });
    expect(commandOf(request({ requestStart: start }))).toEqual({
      type: 'remoteStart',
      idToken: { value: 'T', type: null },
      remoteStartId: 7,
      evseNumber: null,
    });
  });

  it('keeps tenths of amperes exact', () => {
    const profile = ocppGateway.SetChargingProfile.fromPartial({
      profileId: 1,
      stackLevel: 2,
      purpose: 'TX_DEFAULT_PROFILE',
      evseNumber: 1,
      limitDeciampere: 161,
      numberPhases: 3,
    });
    expect(commandOf(request({ setChargingProfile: profile }))).toMatchObject({
      type: 'setChargingProfile',
      profile: { periods: [{ startSeconds: 0, limit: { unit: 'A', tenths: 161 } }], durationSeconds: null },
    });
  });

  it('takes a schedule in place of the one limit', () => {
    const profile = ocppGateway.SetChargingProfile.fromPartial({
      purpose: 'TX_PROFILE',
      transactionRef: 't',
      evseNumber: 1,
      limitDeciampere: 160,
      unit: 'W',
      periods: [
        { startSeconds: 0, limitTenths: 110_400 },
        { startSeconds: 600, limitTenths: 41_400 },
      ],
    });
    expect(commandOf(request({ setChargingProfile: profile }))).toMatchObject({
      profile: {
        periods: [
          { startSeconds: 0, limit: { unit: 'W', tenths: 110_400 } },
          { startSeconds: 600, limit: { unit: 'W', tenths: 41_400 } },
        ],
        numberPhases: null,
      },
    });
    const strange = { ...profile, unit: 'hp' };
    expect(() => commandOf(request({ setChargingProfile: strange }))).toThrow(
      expect.objectContaining({ code: 'COMMAND_PROFILE_UNIT' }),
    );
  });

  it('reads a raw payload, an empty one as {}', () => {
    expect(commandOf(request({ raw: { action: 'ClearCache', payloadJson: '' } }))).toEqual({
      type: 'raw',
      action: 'ClearCache',
      payload: {},
    });
  });

  it.each([
    ['no command', {}, 'COMMAND_MISSING'],
    ['two commands', { reset: { kind: 'SOFT' }, requestStop: { transactionRef: '1' } }, 'COMMAND_MISSING'],
    [
      'a start without a token',
      { requestStart: ocppGateway.RequestStart.fromPartial({}) },
      'COMMAND_TOKEN_MISSING',
    ],
    ['a stop without a transaction', { requestStop: { transactionRef: '' } }, 'COMMAND_TRANSACTION_MISSING'],
    ['an unknown reset', { reset: { kind: 'GENTLE' } }, 'COMMAND_RESET_KIND'],
    ['a raw list', { raw: { action: 'Reset', payloadJson: '[]' } }, 'COMMAND_PAYLOAD_NOT_JSON'],
    ['raw text', { raw: { action: 'Reset', payloadJson: '{"a":' } }, 'COMMAND_PAYLOAD_NOT_JSON'],
    ['a strange action', { raw: { action: 'Re set', payloadJson: '{}' } }, 'COMMAND_ACTION'],
  ])('refuses %s', (_, command, code) => {
    expect(() => commandOf(request(command))).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
