// For @peculiar/x509, whoever imports this first.
import 'reflect-metadata';
import { invalid, unavailable } from '@kilowatch/kernel';
import { guardedFetch, type EgressPolicy, type GuardedResponse } from '@kilowatch/platform';
import { X509Certificates } from '@peculiar/x509';
import {
  certificatePem,
  isSelfIssued,
  readCertificate,
  validatePath,
  type Certificate,
} from '@kilowatch/trust';
import type { CertificateAuthority, IssuedChain, IssueOrder } from './certificate-authority.js';
import { pemOf } from './x509-parts.js';

export interface EstOptions {
  /** `https://est.example.org/.well-known/est`; labels of a tenant's policy are added to it. */
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
/** Its certificates are asked for again: authorities get new ones. */
const KNOWN_MS = 24 * 3_600_000;
const AT_THE_ROOT = '';

/** An authority that speaks EST (RFC 7030): simpleenroll and cacerts. It sees only requests that we found right. */
export class EstAuthority implements CertificateAuthority {
  readonly name = 'EST';
  /** By label. */
  private readonly known = new Map<
    string,
    { readonly at: number; readonly answer: Promise<Certificate[]> }
  >();

  constructor(private readonly options: EstOptions) {}

  async issue(order: IssueOrder): Promise<IssuedChain> {
    const request = order.csr.replace(/-----[A-Z ]+-----|\s/g, '');
    const { estLabel } = order;
    const response = await this.ask(estLabel, 'simpleenroll', {
      method: 'POST',
      headers: { 'content-type': 'application/pkcs10', 'content-transfer-encoding': 'base64' },
      body: request,
    });
    // RFC 7030 4.2.3: a person decides; the same request is asked again later.
    if (response.status === 202) throw unavailable('AUTH_EST_PENDING', 'The authority has not decided yet.');
    const [leaf, ...more] = certificatesIn(response).map((der) => readCertificate(der));
    if (!leaf || Buffer.compare(leaf.key.der, order.publicKey) !== 0)
      throw invalid('AUTH_EST_ANSWER', 'The authority answered with a certificate for another key.');
    const path = async () => this.pathOf([leaf, ...more], await this.authorities(estLabel));
    let found = await path();
    if (!found.ok && this.isOld(estLabel)) {
      // It may sign with an authority that is newer than what we know.
      this.known.delete(estLabel);
      found = await path();
    }
    if (!found.ok)
      throw invalid(
        'AUTH_EST_ANSWER',
        'The certificate does not lead to the roots that the authority names.',
      );
    return { chain: found.path.slice(0, -1).map(certificatePem).join('') };
  }

  async roots(): Promise<readonly string[]> {
    const known = await this.authorities(AT_THE_ROOT);
    return known.filter(isSelfIssued).map((one) => pemOf('CERTIFICATE', one.der));
  }

  private pathOf(certificates: readonly Certificate[], known: readonly Certificate[]) {
    return validatePath({
      certificates,
      anchors: known.filter(isSelfIssued).map((certificate) => ({ certificate })),
      intermediates: known,
      at: this.options.now(),
    });
  }

  /** Asked once a day; again after a failure. */
  private authorities(label: string): Promise<readonly Certificate[]> {
    const now = this.options.now().getTime();
    const held = this.known.get(label);
    if (held && now - held.at < KNOWN_MS) return held.answer;
    const answer = this.ask(label, 'cacerts', {}).then((response) =>
      certificatesIn(response).map((der) => readCertificate(der)),
    );
    const known = { at: now, answer };
    this.known.set(label, known);
    answer.catch(() => this.known.get(label) === known && this.known.delete(label));
    return answer;
  }

  /** Not of this moment: what a cheating server signs does not make us ask again and again. */
  private isOld(label: string): boolean {
    const held = this.known.get(label);
    return held !== undefined && this.options.now().getTime() - held.at > TIMEOUT_MS;
  }

  private async ask(
    label: string,
    operation: string,
    request: { method?: 'POST'; headers?: Record<string, string>; body?: string },
  ) {
    const { url, serverCa, client, basic, egress } = this.options;
    const headers = {
      ...request.headers,
      ...(basic ? { authorization: `Basic ${Buffer.from(basic).toString('base64')}` } : {}),
    };
    const base = url.replace(/\/$/, '');
    const response = await guardedFetch(`${base}${label === AT_THE_ROOT ? '' : `/${label}`}/${operation}`, {
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
