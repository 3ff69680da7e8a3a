import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { readCertificatesPem, type SigningRequest } from '@kilowatch/trust';
import { validityDaysOf } from '../domain/certificate-policy.js';
import { renewalTime, type CertificateType } from '../domain/station-certificate.js';
import { insertCertificate, type NewCertificate } from '../persistence/station-certificate.repository.js';
import { Authorities } from './authority/authorities.js';

const DAY_MS = 86_400_000;
/** Clocks of stations are wrong by minutes. */
const BACKDATED_MS = 3_600_000;

export interface Signable {
  readonly tenant: string;
  readonly stationId: string;
  readonly type: CertificateType;
  readonly csr: string;
  readonly signing: SigningRequest;
  readonly commonName: string;
}

/** Has the tenant's authority sign what was judged right, outside of any transaction; `store` is for the caller's. */
@Injectable()
export class IssueCertificate {
  constructor(
    private readonly authorities: Authorities,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** UNAVAILABLE and TIMEOUT are worth another try. */
  async sign({ tenant, stationId, type, csr, signing, commonName }: Signable): Promise<NewCertificate> {
    const authority = await this.authorities.of(tenant);
    if (!authority) throw precondition('AUTH_NO_AUTHORITY', 'No authority is configured that could sign it.');
    const policy = this.authorities.policyOf(tenant);
    const now = this.clock.now();
    const { chain } = await authority.issue({
      tenant,
      type,
      csr,
      publicKey: signing.key.der,
      commonName,
      organisation: policy.organisation,
      estLabel: policy.estLabels[type] ?? '',
      notBefore: new Date(now.getTime() - BACKDATED_MS),
      notAfter: new Date(now.getTime() + validityDaysOf(policy, type) * DAY_MS),
    });
    const leaf = readCertificatesPem(chain, { mostCharacters: chain.length })[0]!;
    // Spread by chance, but the same for this certificate whoever looks: its fingerprint is as good as random.
    const spread = Number.parseInt(leaf.fingerprint.slice(0, 8), 16) / 0xffff_ffff;
    return {
      tenant,
      id: this.ids.newId(),
      stationId,
      type,
      serial: leaf.serial,
      fingerprint: leaf.fingerprint,
      subject: leaf.subject.text,
      issuer: leaf.issuer.text,
      issuedBy: authority.name,
      notBefore: leaf.notBefore,
      notAfter: leaf.notAfter,
      chain,
      renewAt: renewalTime(leaf.notBefore, leaf.notAfter, spread),
      createdAt: now,
    };
  }

  store(tx: Tx, certificate: NewCertificate, requestId: string | null): Promise<void> {
    return insertCertificate(tx, certificate, requestId);
  }
}
