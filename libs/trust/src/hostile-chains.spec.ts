import { describe, expect, it } from 'vitest';
import {
  hostileChains,
  ocspResponse,
  testPki,
  type KeyKind,
  type TestCertificate,
} from '@kilowatch/testing/pki';
import { readCertificate } from './certificate.js';
import { verifyOcspResponse } from './ocsp-response.js';
import { validatePath } from './path.js';

const now = new Date('2026-11-29T12:00:00Z');
const pki = testPki({ now });
const anchors = [pki.moRoot, pki.v2gRoot].map(({ der }) => ({ certificate: readCertificate(der) }));

function validate(chain: readonly TestCertificate[], roots = anchors) {
  const certificates = chain.map(({ der }) => readCertificate(der));
  return validatePath({ certificates, anchors: roots, at: now });
}

/** What the true responder of the issuer would say of the first certificate: that it is good. */
function ocspOf(chain: readonly TestCertificate[], issuers: readonly TestCertificate[]) {
  const [leaf] = chain as [TestCertificate];
  const issuer = issuers.find((one) =>
    Buffer.from(one.der).equals(Buffer.from(leaf.issuer?.der ?? leaf.der)),
  )!;
  const der = ocspResponse({ answers: [{ issuer, serial: leaf.serial }], signer: issuer, now });
  return verifyOcspResponse(der, {
    serial: leaf.serial,
    issuer: readCertificate(issuer.der),
    at: now,
    maxAgeMs: 1,
  });
}

describe('chains of ISO 15118', () => {
  it.each([
    ['contract below the MO root', pki.contract.chain, 4],
    ['contract below the V2G root', pki.contractBelowV2g.chain, 3],
    ['station below the V2G root', pki.station.chain, 4],
    ['provisioning service below the V2G root', pki.cps.chain, 3],
  ])('%s is believed', (_, chain, length) => {
    const result = validate(chain);
    expect(result).toMatchObject({ ok: true });
    expect(result.path).toHaveLength(length);
  });

  it.each(['P-384', 'P-521', 'Ed448'] as KeyKind[])('ISO 15118-20: a hierarchy of %s is believed', (key) => {
    const one = testPki({ key, now });
    const roots = [{ certificate: readCertificate(one.moRoot.der) }];
    expect(validate(one.contract.chain, roots)).toMatchObject({ ok: true });
  });

  it('are believed below the anchors of the caller only: a car is no contract', () => {
    expect(validate(pki.oemProvisioning.chain).ok).toBe(false);
  });
});

describe('hostile chains, each certificate good by OCSP', () => {
  const hostile = hostileChains(pki, { now });
  const structural = hostile.filter(({ code }) => code !== undefined);

  it.each(structural.map((one) => [one.name, one] as const))(
    'P2: %s is refused',
    (_, { chain, authorities, code }) => {
      const result = validate(chain);
      expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toContain(code);
      expect(result.ok || result.problems[0]!.code === 'EXPIRED').toBe(code === 'EXPIRED');
      // The signature of a weak key proves nothing either; elsewhere the responder's word is believed and changes nothing.
      expect(ocspOf(chain, [...authorities, ...pki.authorities])).toMatchObject({ status: 'GOOD' });
    },
  );

  it.each(hostile.filter(({ code }) => code === undefined).map((one) => [one.name, one] as const))(
    '%s has a path in order: other rules refuse it',
    (_, { chain }) => {
      expect(validate(chain)).toMatchObject({ ok: true });
    },
  );

  it('is expired when the root is, and for nothing else', () => {
    const at = new Date('2037-01-01T00:00:00Z');
    const certificates = pki.contract.chain.map(({ der }) => readCertificate(der));
    const result = validatePath({ certificates, anchors, at });
    expect(result.ok ? [] : result.problems.map(({ code, depth }) => `${code}@${depth}`)).toEqual([
      'EXPIRED@0',
      'EXPIRED@1',
      'EXPIRED@2',
      'EXPIRED@3',
    ]);
  });
});
