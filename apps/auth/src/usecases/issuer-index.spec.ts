import { describe, expect, it } from 'vitest';
import { TestCertificate } from '@kilowatch/testing/pki';
import { certificateId, readCertificate, type HashAlgorithm } from '@kilowatch/trust';
import { IssuerIndex } from './issuer-index.js';

const one = TestCertificate.root({ subject: 'CN=One' });
const renamed = TestCertificate.root({ subject: 'CN=Renamed', key: one.key });
const renewed = TestCertificate.root({ subject: 'CN=One', key: one.key });
const other = TestCertificate.root({ subject: 'CN=Other' });
const known = [one, renamed, renewed, other].map(({ der }) => readCertificate(der));
const index = new IssuerIndex(known);

describe('issuers by hash data', () => {
  it.each(['SHA1', 'SHA256', 'SHA384', 'SHA512'] as HashAlgorithm[])(
    '%s: are all of one name and key, and nobody with one of them only',
    (algorithm) => {
      const id = certificateId({ serial: '1' }, known[0]!, algorithm);
      expect(index.of(id)).toEqual([known[0], known[2]]);
      expect(index.of(certificateId({ serial: '1' }, known[1]!, algorithm))).toEqual([known[1]]);
      expect(index.of({ ...id, issuerKeyHash: '00' })).toEqual([]);
    },
  );
});
