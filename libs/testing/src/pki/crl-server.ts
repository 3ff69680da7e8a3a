import { crl, type WantedCrl } from './crl-answer.js';
import { loopbackServer, type LoopbackServer } from './loopback-server.js';
import type { TestCertificate } from './test-certificate.js';

/** Serves the list of one authority over HTTP on this machine, and counts who fetches it. */
export class CrlServer {
  hits = 0;
  /** What is odd about the list: stale, partial, signed by another. */
  change: Partial<WantedCrl> = {};
  /** Instead of the list. */
  garbage: Uint8Array | undefined;
  now: () => Date = () => new Date();
  private readonly revoked: { serial: string; at: Date; reason?: number }[] = [];
  private server!: LoopbackServer;

  private constructor(private readonly issuer: TestCertificate) {}

  static async start(issuer: TestCertificate): Promise<CrlServer> {
    const served = new CrlServer(issuer);
    served.server = await loopbackServer((_request, _body, response) => {
      served.hits += 1;
      const { revoked, change, garbage } = served;
      const list = garbage ?? crl({ issuer, revoked, now: served.now(), ...change });
      response.writeHead(200, { 'content-type': 'application/pkix-crl' }).end(list);
    });
    return served;
  }

  get url(): string {
    return `${this.server.url}/list.crl`;
  }

  get origin(): string {
    return this.server.url;
  }

  get authority(): TestCertificate {
    return this.issuer;
  }

  revoke(certificate: TestCertificate, at = new Date(), reason = 4): void {
    this.revoked.push({ serial: certificate.serial, at, reason });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
