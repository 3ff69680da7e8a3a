import { X509Certificate } from 'node:crypto';
import { newKey, signingRequest } from '@kilowatch/testing/pki';
import { DEMO_ORGANISATION } from '../../system/demo-organisation.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, must } from '../judge.js';
import { ACCEPTED } from '../reply.js';

/** A station asks for its certificate, and gets it signed. */
export function signingCase(id: string, requirement: string): ConformanceCase {
  return {
    id,
    requirement,
    title: 'a certificate that the station asks for is signed, sent, and shown to operators',
    run: async (context) => {
      const key = newKey('P-256');
      const csr = signingRequest({ subject: `O=${DEMO_ORGANISATION}, CN=${context.identity}`, key });
      context.station.answers('CertificateSigned', ACCEPTED);
      const { status } = await context.call('SignCertificate', { csr });
      equals('the status', status, 'Accepted');
      const { payload } = await context.station.command('CertificateSigned');
      const leaf = new X509Certificate(String(payload['certificateChain']));
      must(
        leaf.publicKey.equals(key.publicKey),
        'the certificate is not for the key that the station asked for',
      );
      must(leaf.subject.includes(`CN=${context.identity}`), `the subject is ${leaf.subject}`);
      await context.shows('the request', 'certificateRequests { state }', {
        certificateRequests: [{ state: 'DONE' }],
      });
    },
  };
}
