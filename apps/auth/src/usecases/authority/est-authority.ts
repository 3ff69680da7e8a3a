// For @peculiar/x509, whoever imports this first.
import 'reflect-metadata';
import { invalid, unavailable } from '@kilowatch/kernel';
import { guardedFetch, type EgressPolicy, type GuardedResponse } from '@kilowatch/platform';
import { X509Certificates } from '@peculiar/x509';
import { certificatePem, readCertificate, validatePath } from '@kilowatch/trust';
import type { CertificateAuthority, IssuedChain, IssueOrder } from './certificate-authority.js';
import { pemOf } from './x509-parts.js';

export interface EstOptions {
  /** `https://est.example.org/.well-known/est`, with a label at the end where the server wants one. */
  readonly url: string;
  /** PEM of the CAs that vouch for the server; empty: those of the system. */
  readonly serverCa: string;
  /** Certificate and key that we show (RFC 7030 3.3.2), PEM. */
  readonly client?: { readonly cert: string; readonly key: string };
  /** `user:password`, where the server asks for it (RFC 7030 3.2.3). */
  readonly basic?: string;
  readonly egress: EgressPolicy;
  readonly now: () => Date;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;

/** An authority that speaks EST (RFC 7030): simpleenroll and cacerts. It sees only requests that we found right. */
export class EstAuthority implements CertificateAuthority {
  readonly name = 'EST';
  private known: Promise<readonly Uint8Array[]> | undefined;

  constructor(private readonly options: EstOptions) {}

  async issue(order: IssueOrder): Promise<IssuedChain> {
    const request = order.csr.replace(/-----[A-Z ]+-----|\s/g, '');
    const response = await this.ask('simpleenroll', {
      method: 'POST',
      headers: { 'content-type': 'application/pkcs10', 'content-transfer-encoding': 'base64' },
      body: request,
    });
    // RFC 7030 4.2.3: a person decides; the same request is asked again later.
    if (response.status === 202) throw unavailable('AUTH_EST_PENDING', 'The authority has not decided yet.');
    const [leaf, ...more] = certificatesIn(response).map((der) => readCertificate(der));
    if (!leaf || Buffer.compare(leaf.key.der, order.publicKey) !== 0)
      throw invalid('AUTH_EST_ANSWER', 'The authority answered with a certificate for another key.');
    const known = (await this.authorities()).map((der) => readCertificate(der));
    const anchors = known.filter((one) => Buffer.compare(one.subject.der, one.issuer.der) === 0);
    const found = validatePath({
      certificates: [leaf, ...more],
      anchors: anchors.map((certificate) => ({ certificate })),
      intermediates: known,
      at: this.options.now(),
    });
    if (!found.ok)
      throw invalid(
        'AUTH_EST_ANSWER',
        'The certificate does not lead to the roots that the authority names.',
      );
    return { chain: found.path.slice(0, -1).map(certificatePem).join('') };
  }

  async roots(): Promise<readonly string[]> {
    const known = (await this.authorities()).map((der) => readCertificate(der));
    return known
      .filter((one) => Buffer.compare(one.subject.der, one.issuer.der) === 0)
      .map((one) => pemOf('CERTIFICATE', one.der));
  }

  /** Asked once; again after a failure. */
  private authorities(): Promise<readonly Uint8Array[]> {
    this.known ??= this.ask('cacerts', {}).then(certificatesIn);
    this.known.catch(() => (this.known = undefined));
    return this.known;
  }

  private async ask(
    operation: string,
    request: { method?: 'POST'; headers?: Record<string, string>; body?: string },
  ) {
    const { url, serverCa, client, basic, egress } = this.options;
    const headers = {
      ...request.headers,
      ...(basic ? { authorization: `Basic ${Buffer.from(basic).toString('base64')}` } : {}),
    };
    const response = await guardedFetch(`${url.replace(/\/$/, '')}/${operation}`, {
      hosts: [new URL(url).host],
      egress,
      ...request,
      headers,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      ...(serverCa === '' ? {} : { ca: serverCa }),
      ...(client ? { client } : {}),
    });
    if (response.status >= 500) throw unavailable('AUTH_EST_UNAVAILABLE', 'The authority cannot answer now.');
    if (response.status !== 200 && response.status !== 202)
      throw invalid('AUTH_EST_REFUSED', `The authority refused with HTTP ${response.status}.`);
    return response;
  }
}

/** RFC 7030 4.1.3: certs-only PKCS #7, Base64. */
function certificatesIn(response: GuardedResponse): Uint8Array[] {
  try {
    const der = Buffer.from(response.text().replace(/\s/g, ''), 'base64');
    return [...new X509Certificates(der)].map(({ rawData }) => new Uint8Array(rawData));
  } catch {
    throw invalid('AUTH_EST_ANSWER', 'The answer of the authority holds no certificates.');
  }
}
