import { describe, expect, it } from 'vitest';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import type { OcppVersion } from '../version.js';
import type { Command } from './command.js';
import { answerPayload, commandCall, mapCall } from './mapping.js';

const schemas = new TypedOcppSchemas();
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const NAME = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1f' };
const RECEIVED = { receivedAt: new Date('2026-11-29T12:00:00Z') };

const signed = (
  certificateType: 'ChargingStationCertificate' | 'V2GCertificate' | 'CombinedCertificate',
): Command => ({
  type: 'certificateSigned',
  chain: PEM,
  certificateType,
});

describe('a signing request of a station', () => {
  it.each([
    ['1.6', { csr: 'PEM' }, 'ChargingStationCertificate', null],
    ['2.0.1', { csr: 'PEM' }, 'CombinedCertificate', null],
    ['2.0.1', { csr: 'PEM', certificateType: 'V2GCertificate' }, 'V2GCertificate', null],
    ['2.1', { csr: 'PEM', certificateType: 'V2G20Certificate', requestId: 7 }, 'V2G20Certificate', 7],
  ] as const)('in %s: %j is for %s, request %s', (version, payload, certificateType, requestId) => {
    expect(mapCall(version, 'SignCertificate', payload, RECEIVED).message).toEqual({
      type: 'signCertificate',
      csr: 'PEM',
      certificateType,
      requestId,
    });
  });

  it.each(['1.6', '2.0.1', '2.1'] as const)('is answered by the letter of %s', (version) => {
    const payload = answerPayload(version, 'SignCertificate', {
      type: 'status',
      status: 'Rejected',
      reason: { code: 'CommonName', text: 'The common name must be the identity of the station.' },
    });
    expect(payload).toMatchObject({ status: 'Rejected' });
    expect(schemas.validateOutbound(version, 'SignCertificate', 'response', payload)).toEqual({ ok: true });
  });
});

const CASES: [OcppVersion, Command, object][] = [
  [
    '1.6',
    signed('ChargingStationCertificate'),
    { action: 'CertificateSigned', payload: { certificateChain: PEM } },
  ],
  [
    '2.0.1',
    signed('V2GCertificate'),
    { payload: { certificateChain: PEM, certificateType: 'V2GCertificate' } },
  ],
  // A02: the type of the request, which named none.
  ['2.0.1', signed('CombinedCertificate'), { payload: { certificateChain: PEM } }],
  ['2.1', { ...signed('V2GCertificate'), requestId: 7 } as Command, { payload: { requestId: 7 } }],
  [
    '1.6',
    { type: 'installCertificate', purpose: 'CSMSRootCertificate', certificate: PEM },
    { action: 'InstallCertificate', payload: { certificateType: 'CentralSystemRootCertificate' } },
  ],
  [
    '2.0.1',
    { type: 'installCertificate', purpose: 'MORootCertificate', certificate: PEM },
    { payload: { certificateType: 'MORootCertificate', certificate: PEM } },
  ],
  ['2.1', { type: 'installCertificate', purpose: 'OEMRootCertificate', certificate: PEM }, {}],
  ['1.6', { type: 'deleteCertificate', name: NAME }, { action: 'DeleteCertificate' }],
  ['2.0.1', { type: 'deleteCertificate', name: NAME }, { payload: { certificateHashData: NAME } }],
  ['1.6', { type: 'getInstalledCertificates', purposes: ['ManufacturerRootCertificate'] }, {}],
  ['2.0.1', { type: 'getInstalledCertificates', purposes: [] }, { payload: {} }],
  ['2.0.1', { type: 'getInstalledCertificates', purposes: ['V2GCertificateChain'] }, {}],
];

describe('commands about certificates', () => {
  it.each(CASES)('in %s: %j', (version, command, wanted) => {
    const call = commandCall(version, command);
    expect(call).toMatchObject(wanted);
    expect(schemas.validateOutbound(version, call.action, 'request', call.payload)).toEqual({ ok: true });
  });

  it.each<[Command, string]>([
    [signed('V2GCertificate'), 'CertificateSigned'],
    [{ type: 'installCertificate', purpose: 'V2GRootCertificate', certificate: PEM }, 'InstallCertificate'],
    [{ type: 'deleteCertificate', name: NAME, purpose: 'MORootCertificate' }, 'DeleteCertificate'],
    [{ type: 'getInstalledCertificates', purposes: ['V2GCertificateChain'] }, 'GetInstalledCertificateIds'],
    [{ type: 'triggerMessage', requestedMessage: 'SignV2GCertificate' }, 'TriggerMessage'],
  ])(
    'P16: towards cars they are requests of 2.0.1 as text in a DataTransfer of 1.6: %j',
    (command, messageId) => {
      const { action, payload } = commandCall('1.6', command);
      expect([action, payload['vendorId'], payload['messageId']]).toEqual([
        'DataTransfer',
        'org.openchargealliance.iso15118pnc',
        messageId,
      ]);
      const inside = JSON.parse(String(payload['data'])) as never;
      expect(schemas.validateOutbound('2.0.1', messageId, 'request', inside)).toEqual({ ok: true });
    },
  );

  it.each<Command>([
    { type: 'installCertificate', purpose: 'OEMRootCertificate', certificate: PEM },
    { type: 'getInstalledCertificates', purposes: [] },
  ])('that 1.6 does not have are refused: %j', (command) => {
    expect(() => commandCall('1.6', command)).toThrow(
      expect.objectContaining({ code: 'OCPP_NOT_IN_VERSION' }),
    );
  });
});
