import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.js';
import { maskedPayload, maskedText } from './masked-payload.js';

const CARD = '04A1B2C3D4E5F6';

describe('maskedPayload', () => {
  it('masks tokens wherever they stand', () => {
    const kept = JSON.stringify(
      maskedPayload({ idTag: '04A1B2C3D4', idToken: { idToken: '04A1B2C3D4', type: 'ISO14443' } }),
    );
    expect(kept).not.toContain('04A1B2');
    expect(kept).toContain('ISO14443');
  });

  it('masks every entry of a local list', () => {
    const payload = { localAuthorizationList: [{ idTag: 'SECRETTAG1' }, { idTag: 'SECRETTAG2' }] };
    expect(JSON.stringify(maskedPayload(payload))).not.toContain('SECRETTAG');
  });

  it('drops the value of a secret setting, in both versions', () => {
    expect(maskedPayload({ key: 'AuthorizationKey', value: 'hunter2hunter2' })).toEqual({
      key: 'AuthorizationKey',
      value: '[redacted]',
    });
    const variables = {
      setVariableData: [{ variable: { name: 'BasicAuthPassword' }, attributeValue: 'hunter2' }],
    };
    expect(JSON.stringify(maskedPayload(variables))).not.toContain('hunter2');
  });

  it('masks a customer, the token of an upload and the password in an address', () => {
    const log = { remoteLocation: 'https://ocpp.example/uploads/abcDEF_-123/' };
    expect(maskedPayload({ log })).toEqual({
      log: { remoteLocation: 'https://ocpp.example/uploads/[redacted]/' },
    });
    expect(maskedPayload({ location: 'ftp://me:hush@fw.example/a.bin' })).toEqual({
      location: 'ftp://[redacted]@fw.example/a.bin',
    });
    expect(JSON.stringify(maskedPayload({ customerIdentifier: 'Dora Driver' }))).not.toContain('Dora');
  });

  it('masks settings that a network is entered with', () => {
    const payload = { key: 'VendorApnUser', value: 'hunter2' };
    expect(maskedPayload(payload)).toEqual({ ...payload, value: '[redacted]' });
  });

  it('keeps what is no secret', () => {
    const payload = { key: 'HeartbeatInterval', value: '300', connectorId: 1 };
    expect(maskedPayload(payload)).toEqual(payload);
  });

  it.each<[string, JsonObject]>([
    ['a card as a number', { idTag: 4111222233334444 }],
    ['a card in a list', { idTag: [CARD] }],
    ['cards of any spelling', { IDTAG: CARD, IdToken: CARD }],
    ['a car and its contract', { evccId: CARD, emaid: CARD }],
    ['JSON as text', { data: JSON.stringify({ idToken: { idToken: CARD, type: 'eMAID' } }) }],
    ['JSON as text within JSON as text', { data: JSON.stringify({ more: JSON.stringify({ idTag: CARD }) }) }],
    ['JSON as text that is cut off', { data: `{"idTag":"${CARD}","cert` }],
    ['what somebody writes as JSON', { data: `{idTag: ${CARD}}` }],
    [
      'a value of a report',
      {
        variable: { name: 'BasicAuthPassword' },
        variableAttribute: [{ type: 'Actual', value: CARD }],
      },
    ],
    ['a value of an event', { variable: { name: 'BasicAuthPassword' }, actualValue: CARD }],
    ['a certificate', { certificate: CARD, certificateChain: CARD, signingCertificate: CARD }],
  ])('hides %s', (_what, payload) => {
    const kept = JSON.stringify(maskedPayload(payload));
    expect(kept).not.toContain(CARD.slice(0, 8));
    expect(kept).not.toContain('41112222');
  });

  it('C04: shows nothing of what was typed at a keypad', () => {
    expect(maskedPayload({ idToken: { idToken: '12345678', type: 'KeyCode' } })).toEqual({
      idToken: { idToken: '[redacted]', type: 'KeyCode' },
    });
  });

  it('keeps what kind of certificate it is, and hashes that find one', () => {
    const payload = {
      certificateType: 'V2GRootCertificate',
      certificateHashData: { hashAlgorithm: 'SHA256', issuerNameHash: 'ab12', serialNumber: '7' },
    };
    expect(maskedPayload(payload)).toEqual(payload);
  });
});

describe('maskedText', () => {
  it.each([
    ['JSON', `{"key":"AuthorizationKey","value":"${CARD}"}`],
    ['a list of JSON', `[{"idTag":"${CARD}"}]`],
    ['our own payload in an error, cut off', `{"localAuthorizationList":[{"idToken":{"idToken":"${CARD}`],
    ['the same, escaped', `{\\"data\\":{\\"password\\":\\"${CARD}\\"`],
    ['escaped twice', `{\\\\\\"idTag\\\\\\":\\\\\\"${CARD}\\\\\\"`],
    ['a list where a text should be', `{"idTag":["${CARD}"],`],
    ['words', `unknown idTag=${CARD}`],
  ])('hides a secret in %s', (_what, text) => {
    expect(maskedText(text)).not.toContain(CARD.slice(0, 8));
  });

  it('shows the last four of a token and nothing of a password, where no parser helps', () => {
    expect(maskedText(`idTag=${CARD} password=${CARD}`)).toBe('idTag=****E5F6 password=[redacted]');
  });

  it('leaves text without secrets as it is, white space of JSON and all', () => {
    for (const text of ['', 'Not now.', '{ "status":  "Accepted" }', '[1, 2', 'https://host/path?x=1'])
      expect(maskedText(text)).toBe(text);
  });

  it.each([
    'x',
    'certificate',
    'idTag',
    'idTag ',
    'idTag\\\\',
    'idTag"',
    '//',
    '{"idTag":',
    '\\\\"',
    'value:[',
  ])('takes no longer for a text that is made to last: %j', (piece) => {
    const started = performance.now();
    maskedText(piece.repeat(250_000 / piece.length));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('never throws, and never shows a card in JSON, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, noise) => {
        maskedText(noise);
        expect(maskedText(`{"x":${json},"idTag":"${CARD}"}`)).not.toContain(CARD.slice(0, 8));
      }),
    );
  });
});
