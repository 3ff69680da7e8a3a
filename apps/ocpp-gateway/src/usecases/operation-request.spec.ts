import { ocppGateway } from '@kilowatch/contracts';
import { describe, expect, it } from 'vitest';
import { commandOf } from './command-request.js';

type Asked = Partial<ocppGateway.SendRequest>;
const AT = new Date('2026-03-01T10:00:00Z');
const request = (command: Asked) => ocppGateway.SendRequest.fromPartial({ stationId: 's', ...command });

describe('what a service asks for', () => {
  it('is a command of the library, without what was not said', () => {
    const reserveConnector = ocppGateway.ReserveConnector.fromPartial({
      reservationNumber: 7,
      evseNumber: 1,
      expiresAt: AT,
      idToken: { value: 'T', type: '' },
    });
    expect(commandOf(request({ reserveConnector }))).toEqual({
      type: 'reserve',
      reservationNumber: 7,
      evseNumber: 1,
      expiresAt: AT,
      idToken: { value: 'T', type: null },
      groupId: null,
    });
    const updateFirmware = ocppGateway.UpdateFirmware.fromPartial({
      requestId: 1,
      location: 'https://x/',
      retrieveAt: AT,
      signingCertificate: 'PEM',
      signature: 'c2ln',
    });
    expect(commandOf(request({ updateFirmware }))).toMatchObject({
      signing: { certificate: 'PEM', signature: 'c2ln' },
      installAt: null,
      retries: null,
    });
  });

  const reserve = {
    reservationNumber: 1,
    evseNumber: 1,
    expiresAt: AT,
    idToken: { value: 'T', type: '' },
    groupId: '',
  };
  const firmware = ocppGateway.UpdateFirmware.fromPartial({
    requestId: 1,
    location: 'https://x/',
    retrieveAt: AT,
  });
  const log = ocppGateway.RequestLog.fromPartial({ requestId: 1, kind: 'SECURITY', location: 'https://x/' });
  const customer = ocppGateway.RequestCustomerInformation.fromPartial({ requestId: 1, report: true });
  it.each<[string, Asked, string]>([
    ['Q30: number 0', { reserveConnector: { ...reserve, reservationNumber: 0 } }, 'COMMAND_NUMBER'],
    ['no token', { reserveConnector: { ...reserve, idToken: undefined } }, 'COMMAND_TOKEN_MISSING'],
    ['no end', { reserveConnector: { ...reserve, expiresAt: undefined } }, 'COMMAND_EXPIRY_MISSING'],
    ['number 0 to cancel', { cancelReservation: { reservationNumber: 0 } }, 'COMMAND_NUMBER'],
    ['no firmware', { updateFirmware: { ...firmware, location: '' } }, 'COMMAND_FIRMWARE'],
    ['half a signature', { updateFirmware: { ...firmware, signature: 'c2ln' } }, 'COMMAND_FIRMWARE'],
    ['another log', { requestLog: { ...log, kind: 'DIARY' } }, 'COMMAND_LOG_KIND'],
    ['a log to nowhere', { requestLog: { ...log, location: '' } }, 'COMMAND_LOG_LOCATION'],
    ['nobody', { requestCustomerInformation: customer }, 'COMMAND_CUSTOMER'],
    [
      'two at once',
      { clearDisplayMessage: { messageNumber: 1 }, getDisplayMessages: { requestId: 1 } },
      'COMMAND_MISSING',
    ],
  ])('%s is refused', (_name, command, code) => {
    expect(() => commandOf(request(command))).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
