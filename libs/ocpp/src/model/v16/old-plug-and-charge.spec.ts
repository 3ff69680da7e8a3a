import { describe, expect, it } from 'vitest';
import { certificateCall16, plugAndChargeTrigger } from './certificates.js';
import { answerOfOld, OLD_PNC_VENDOR, oldCall, requestOfOld } from './old-plug-and-charge.js';
import { pncRequest } from './plug-and-charge.js';

const transfer = (messageId: string, data: object) =>
  pncRequest({ type: 'dataTransfer', vendorId: OLD_PNC_VENDOR, messageId, data: JSON.stringify(data) });
const said = ({ payload }: ReturnType<typeof oldCall>) => ({
  vendorId: payload['vendorId'],
  messageId: payload['messageId'],
  data: JSON.parse(String(payload['data'])) as unknown,
});

describe('the older dialect of plug and charge over 1.6', () => {
  it.each([
    [
      'Authorize',
      {
        idToken: { idToken: 'DEABC', type: 'eMAID' },
        evseId: [1],
        '15118CertificateHashData': [{ serialNumber: '1' }],
      },
      { idToken: { idToken: 'DEABC', type: 'eMAID' }, iso15118CertificateHashData: [{ serialNumber: '1' }] },
    ],
    [
      'Get15118EVCertificate',
      { '15118SchemaVersion': 'urn:iso:15118:2:2013:MsgDef', exiRequest: 'ZXhp' },
      { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', exiRequest: 'ZXhp', action: 'Install' },
    ],
    [
      'GetCertificateStatus',
      { ocspRequestData: { serialNumber: '1' } },
      { ocspRequestData: { serialNumber: '1' } },
    ],
    [
      'SignCertificate',
      { csr: 'CSR', typeOfCertificate: 'V2GCertificate' },
      { csr: 'CSR', certificateType: 'V2GCertificate' },
    ],
  ])('%s is read as that of 2.0.1', (action, old, payload) => {
    expect(transfer(action, old)).toEqual({ kind: 'request', action, payload });
    // Stations that send the words of 2.0.1 under the old vendor are understood too.
    expect(requestOfOld(action, payload)).toEqual(payload);
  });

  it('keeps the word of 2.0.1 where both are there', () => {
    const both = { typeOfCertificate: 'A', certificateType: 'B' };
    expect(requestOfOld('SignCertificate', both)).toEqual({ certificateType: 'B' });
  });

  it('knows the same messages and no others', () => {
    expect(transfer('MakeCoffee', {})).toMatchObject({
      kind: 'refused',
      answer: { status: 'UnknownMessageId' },
    });
  });

  it('says commands in it', () => {
    const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;
    const chain = `${pem('bGVhZg==')}\n${pem('c3Vi')}\n`;
    const signed = certificateCall16({
      type: 'certificateSigned',
      chain,
      certificateType: 'V2GCertificate',
      requestId: null,
    });
    expect(said(oldCall(signed))).toEqual({
      vendorId: 'iso15118',
      messageId: 'CertificateSigned',
      data: { cert: [pem('bGVhZg=='), pem('c3Vi')], typeOfCertificate: 'V2GCertificate' },
    });
    const held = certificateCall16({ type: 'getInstalledCertificates', purposes: ['V2GRootCertificate'] });
    expect(said(oldCall(held)).data).toEqual({ typeOfCertificate: 'V2GRootCertificate' });
    const install = certificateCall16({
      type: 'installCertificate',
      purpose: 'MORootCertificate',
      certificate: 'PEM',
    });
    expect(said(oldCall(install)).data).toEqual({ certificateType: 'MORootCertificate', certificate: 'PEM' });
    expect(said(oldCall(plugAndChargeTrigger('SignV2GCertificate')!))).toMatchObject({
      messageId: 'TriggerMessage',
    });
  });

  it('reads which certificates a station holds', () => {
    const asked = oldCall(
      certificateCall16({ type: 'getInstalledCertificates', purposes: ['MORootCertificate'] }),
    );
    const hash = { serialNumber: '7' };
    const answer = {
      status: 'Accepted',
      data: JSON.stringify({ status: 'Accepted', certificateHashData: [hash] }),
    };
    expect(JSON.parse(String(answerOfOld(asked, answer)['data']))).toEqual({
      status: 'Accepted',
      certificateHashDataChain: [{ certificateType: 'MORootCertificate', certificateHashData: hash }],
    });
    for (const other of [
      { status: 'Rejected' },
      { status: 'Accepted', data: 'no json' },
      { status: 'Accepted', data: '{"status":"NotFound"}' },
    ])
      expect(answerOfOld(asked, other)).toEqual(other);
    const signed = oldCall(
      certificateCall16({
        type: 'certificateSigned',
        chain: 'x',
        certificateType: 'V2GCertificate',
        requestId: null,
      }),
    );
    expect(answerOfOld(signed, answer)).toBe(answer);
  });
});
