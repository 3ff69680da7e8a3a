import { ocppGateway } from '@kilowatch/contracts';
import { describe, expect, it } from 'vitest';
import { commandOf } from './command-request.js';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const HASH = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1f' };
const of = (part: object) => commandOf(ocppGateway.SendRequest.fromPartial({ stationId: 's', ...part }));

describe('a request about certificates', () => {
  it('becomes the command of the library', () => {
    expect(
      of({ certificateSigned: { chain: PEM, certificateType: 'V2GCertificate', requestId: 7 } }),
    ).toEqual({
      type: 'certificateSigned',
      chain: PEM,
      certificateType: 'V2GCertificate',
      requestId: 7,
    });
    expect(of({ installCertificate: { purpose: 'MORootCertificate', certificate: PEM } })).toEqual({
      type: 'installCertificate',
      purpose: 'MORootCertificate',
      certificate: PEM,
    });
    expect(of({ deleteCertificate: { ...HASH, purpose: 'V2GCertificateChain' } })).toEqual({
      type: 'deleteCertificate',
      name: HASH,
      purpose: 'V2GCertificateChain',
    });
    expect(of({ getInstalledCertificates: { purposes: [] } })).toEqual({
      type: 'getInstalledCertificates',
      purposes: [],
    });
  });

  it.each([
    ['COMMAND_CERTIFICATE_TYPE', { certificateSigned: { chain: PEM, certificateType: 'Other' } }],
    ['COMMAND_CERTIFICATE', { certificateSigned: { chain: 'no', certificateType: 'V2GCertificate' } }],
    ['COMMAND_CERTIFICATE_PURPOSE', { installCertificate: { purpose: 'Other', certificate: PEM } }],
    ['COMMAND_CERTIFICATE_HASH', { deleteCertificate: { ...HASH, hashAlgorithm: 'MD5' } }],
    ['COMMAND_CERTIFICATE_HASH', { deleteCertificate: { ...HASH, serialNumber: '0x1f' } }],
    ['COMMAND_CERTIFICATE_PURPOSE', { getInstalledCertificates: { purposes: ['Other'] } }],
  ])('that no charger could be asked is refused: %s', (code, part) => {
    expect(() => of(part)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
