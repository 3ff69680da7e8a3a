import { describe, expect, it } from 'vitest';
import {
  CA_USAGE,
  extension,
  LEAF_USAGE,
  newKey,
  pemOf,
  signingRequest,
  type WantedRequest,
} from '@kilowatch/testing/pki';
import { BasicConstraints, KeyUsage } from '@peculiar/asn1-x509';
import { readSigningRequest } from './signing-request.js';

const STATION = 'CN=CS-0001, O=Kilowatch';
const constraints = (cA: boolean) => extension('2.5.29.19', new BasicConstraints({ cA }), true);
const usage = (flags: number) => extension('2.5.29.15', new KeyUsage(flags), true);
const read = (wanted: Partial<WantedRequest>) =>
  readSigningRequest(signingRequest({ subject: STATION, ...wanted }));

describe('signing request', () => {
  it('C7: says who asks, with which key and for what', () => {
    const request = read({ extensions: [constraints(false), usage(LEAF_USAGE)] });
    expect(request).toMatchObject({
      subject: { commonName: 'CS-0001', organization: 'Kilowatch' },
      key: { text: 'P-256' },
      requested: { basicConstraints: { ca: false }, keyUsage: ['digitalSignature', 'keyAgreement'] },
      problems: [],
    });
    expect(readSigningRequest(request.der).subject.text).toBe(request.subject.text);
  });

  it.each(['P-256', 'P-384', 'P-521', 'RSA-2048', 'Ed25519', 'Ed448'] as const)(
    'C7: may be for %s',
    (kind) => {
      expect(read({ key: newKey(kind, 'csr') }).problems).toEqual([]);
    },
  );

  it.each([
    ['another key signed it', { signer: newKey('P-256') }, ['NO_PROOF_OF_POSSESSION']],
    ['it is signed with SHA-1', { hash: 'sha1' }, ['SIGNATURE_WEAK']],
    ['its key is weak', { key: newKey('RSA-1024', 'csr') }, ['KEY_WEAK']],
    ['its curve is weak', { key: 'P-224' }, ['KEY_WEAK']],
    ['it wants to be an authority', { extensions: [constraints(true)] }, ['CA_RIGHTS']],
    ['it wants to sign certificates', { extensions: [usage(CA_USAGE)] }, ['CA_RIGHTS']],
    ['it has no common name', { subject: 'O=Kilowatch' }, ['COMMON_NAME_MISSING']],
    ['it has two common names', { subject: 'CN=a, CN=b' }, ['COMMON_NAME_MISSING']],
  ] as [string, Partial<WantedRequest>, string[]][])('C7: is unusable when %s', (_, wanted, problems) => {
    expect(read(wanted).problems).toEqual(problems);
  });

  it.each([
    ['text', 'please sign'],
    ['a certificate block', pemOf(Buffer.from([0x30, 0]), 'CERTIFICATE')],
    ['an empty sequence', pemOf(Buffer.from([0x30, 0]), 'CERTIFICATE REQUEST')],
    [
      'too much',
      `-----BEGIN CERTIFICATE REQUEST-----\n${'A'.repeat(20_000)}\n-----END CERTIFICATE REQUEST-----`,
    ],
    ['two requests', signingRequest({ subject: STATION }).repeat(2)],
  ])('%s is none', (_, text) => {
    expect(() => readSigningRequest(text)).toThrow(/^TRUST_CSR_UNREADABLE/);
  });
});
