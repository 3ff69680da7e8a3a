import { describe, expect, it } from 'vitest';
import { TypedOcppSchemas } from '../../schemas/typed-ocpp-schemas.js';
import type { OcppVersion } from '../../version.js';
import type { ChargerAnswer } from '../charger-answer.js';
import { answerPayload, mapCall } from '../mapping.js';

const NOW = new Date('2026-12-01T08:00:00Z');
const HASH = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'aa',
  issuerKeyHash: 'bb',
  serialNumber: '1f',
};
const schemas = new TypedOcppSchemas();

const heard = (version: OcppVersion, action: string, payload: Record<string, never> | object) => {
  const check = schemas.validateInbound(version, action, 'request', payload as never);
  if (!check.ok) throw new Error(check.problem.text);
  return mapCall(version, action, check.payload, { receivedAt: NOW }).message;
};
const said = (version: OcppVersion, action: string, answer: ChargerAnswer) => {
  const payload = answerPayload(version, action, answer);
  return { payload, ok: schemas.validateOutbound(version, action, 'response', payload).ok };
};

describe('contract certificates and their state', () => {
  it("a car's request is passed on as it is, with its wishes of 2.1 (M01)", () => {
    const request = {
      iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef',
      action: 'Update',
      exiRequest: 'gJgCEQ==',
    };
    expect(heard('2.0.1', 'Get15118EVCertificate', request)).toEqual({
      type: 'contractCertificate',
      schemaVersion: 'urn:iso:15118:2:2013:MsgDef',
      action: 'Update',
      exiRequest: 'gJgCEQ==',
      maxChains: null,
      prioritisedEmaids: [],
    });
    const wishes = { maximumContractCertificateChains: 3, prioritizedEMAIDs: ['NN123ABCDEFGHI'] };
    expect(heard('2.1', 'Get15118EVCertificate', { ...request, ...wishes })).toMatchObject({
      maxChains: 3,
      prioritisedEmaids: ['NN123ABCDEFGHI'],
    });
  });

  it.each([
    ['2.0.1', null, null],
    ['2.1', 2, { code: 'NoContract', text: 'None.' }],
  ] as const)('the answer to it keeps the schema of %s', (version, remaining, reason) => {
    const answer = { type: 'contractCertificate', accepted: reason === null, exiResponse: 'gA==' } as const;
    const { payload, ok } = said(version, 'Get15118EVCertificate', { ...answer, remaining, reason });
    expect(ok).toBe(true);
    expect(payload['status']).toBe(reason === null ? 'Accepted' : 'Failed');
    expect(payload['remainingContracts']).toBe(remaining ?? undefined);
  });

  it('a state is asked for by hash data and told unchanged, or not at all (M06)', () => {
    const ocspRequestData = { ...HASH, responderURL: 'http://ocsp.example.org' };
    expect(heard('2.0.1', 'GetCertificateStatus', { ocspRequestData })).toEqual({
      type: 'certificateStatus',
      hash: { ...HASH, responderUrl: 'http://ocsp.example.org' },
    });
    const known = said('2.0.1', 'GetCertificateStatus', {
      type: 'certificateStatus',
      ocspResult: 'MAM=',
      reason: null,
    });
    expect(known).toEqual({ payload: { status: 'Accepted', ocspResult: 'MAM=' }, ok: true });
    const unknown = said('2.1', 'GetCertificateStatus', {
      type: 'certificateStatus',
      ocspResult: null,
      reason: { code: 'NotAllowed', text: 'Not on the list.' },
    });
    expect(unknown).toMatchObject({ payload: { status: 'Failed' }, ok: true });
  });

  it('the states of a chain are told in the order in which they were asked (2.1 M07)', () => {
    const asked = (source: 'OCSP' | 'CRL', serialNumber: string) => ({
      certificateHashData: { ...HASH, serialNumber },
      source,
      urls: ['http://a', 'http://b'],
    });
    const message = heard('2.1', 'GetCertificateChainStatus', {
      certificateStatusRequests: [asked('OCSP', '1'), asked('CRL', '2')],
    });
    if (message.type !== 'chainStatus') throw new Error(message.type);
    expect(message.certificates.map(({ source, urls }) => [source, urls.length])).toEqual([
      ['OCSP', 2],
      ['CRL', 2],
    ]);
    const { payload, ok } = said('2.1', 'GetCertificateChainStatus', {
      type: 'chainStatus',
      certificates: message.certificates.map(({ hash, source }) => ({
        ...{ hash, source, nextUpdate: NOW },
        status: source === 'CRL' ? 'Revoked' : 'Good',
      })),
    });
    expect(ok).toBe(true);
    expect(payload['certificateStatus']).toMatchObject([
      { certificateHashData: { serialNumber: '1' }, status: 'Good' },
      { certificateHashData: { serialNumber: '2' }, status: 'Revoked' },
    ]);
  });
});
