import { GeneralName, KeyUsageFlags, SubjectAlternativeName } from '@peculiar/asn1-x509';
import { newKey } from '../pki/keys.js';
import { signingRequest } from '../pki/signing-request.js';
import { extension, TestCertificate, type WantedCertificate } from '../pki/test-certificate.js';

/** Certificates for TLS in tests, made as those of `@kilowatch/testing/pki`. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  readonly name: string;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly rsa?: boolean;
  readonly usage?: 'server' | 'client';
}

/** A certification authority for tests: a root of its own and what it signs. */
export class TestCa {
  private constructor(private readonly root: TestCertificate) {}

  static async make(name: string): Promise<TestCa> {
    return new TestCa(TestCertificate.root({ subject: `CN=${name}`, pathLength: 1 }));
  }

  get pem(): string {
    return this.root.pem;
  }

  async issue({ name, from = -1, to = 365, rsa = false, usage = 'client' }: Wanted): Promise<Pair> {
    const subject = name.includes('=') ? name : `CN=${name}`;
    return pairOf(this.root.issue({ ...forTls(usage), subject, from, to, key: rsa ? 'RSA-2048' : 'P-256' }));
  }
}

/** Signed with its own key, by nobody else. */
export async function selfSigned(name: string): Promise<Pair> {
  return pairOf(TestCertificate.root({ ...forTls('client'), subject: `CN=${name}`, ca: false, to: 365 }));
}

/** What a station sends to have its certificate signed, PEM. */
export async function certificateRequest(name: string): Promise<string> {
  return signingRequest({ subject: `CN=${name}`, key: newKey('P-256') });
}

function pairOf({ pem, keyPem }: TestCertificate): Pair {
  return { cert: pem, key: keyPem };
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

function forTls(usage: 'server' | 'client'): Pick<WantedCertificate, 'usage' | 'purposes' | 'extra'> {
  const flags = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;
  if (usage === 'client') return { usage: flags, purposes: [CLIENT_AUTH] };
  const names = new SubjectAlternativeName([
    new GeneralName({ dNSName: 'localhost' }),
    new GeneralName({ iPAddress: '127.0.0.1' }),
  ]);
  return { usage: flags, purposes: [SERVER_AUTH], extra: [extension('2.5.29.17', names)] };
}
