import { describe, expect, it } from 'vitest';
import { certificates, certificatesText, requestsText, type CertificateRow } from './certificates.js';
import type { CommandContext } from './context.js';

const ROW: CertificateRow = {
  id: '1',
  type: 'ChargingStationCertificate',
  state: 'REVOKED',
  serial: '4f',
  subject: 'O=Demo, CN=CS-1',
  notAfter: '2027-01-02T03:04:05Z',
  renewAt: null,
  revocationReason: 'KEY_COMPROMISE',
};

describe('kw certificates', () => {
  it('shows why one was revoked, and when it ends', () => {
    expect(certificatesText([ROW])).toContain('REVOKED (KEY_COMPROMISE)');
    expect(certificatesText([ROW])).toContain('2027-01-02');
    expect(certificatesText([])).toBe('no certificates yet');
  });

  it('shows why a request came to nothing', () => {
    const request = {
      type: 'V2GCertificate',
      state: 'REFUSED',
      problem: 'The organisation must be Demo.',
      createdAt: 'now',
    };
    expect(requestsText([request])).toContain('The organisation must be Demo.');
    expect(requestsText([])).toBe('it has not asked for any');
  });

  it.each([['sign', 'CS-1'], ['revoke', '1'], ['forge']])('%s %s tells how it is used', async (...args) => {
    await expect(certificates(args, {} as CommandContext)).rejects.toThrow(/kw certificates list/);
  });
});
