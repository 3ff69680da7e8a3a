import { certificateRequest } from '@kilowatch/testing/test-pki';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, must, NotBuilt } from '../judge.js';

const NO_CA = 'nobody here signs the certificates of stations: SignCertificate is answered Rejected';

/** A station asks for its certificate, and gets it signed. */
export function signingCase(id: string, requirement: string): ConformanceCase {
  return {
    id,
    requirement,
    title: 'a certificate that the station asks for is signed and sent',
    run: async (context) => {
      const csr = await certificateRequest(context.identity);
      const { status } = await context.call('SignCertificate', { csr });
      if (status === 'Rejected') throw new NotBuilt(NO_CA);
      equals('the status', status, 'Accepted');
      const { payload } = await context.station.command('CertificateSigned');
      const chain = String(payload['certificateChain']);
      must(chain.startsWith('-----BEGIN CERTIFICATE-----'), `the chain is ${chain.slice(0, 40)}`);
    },
  };
}
