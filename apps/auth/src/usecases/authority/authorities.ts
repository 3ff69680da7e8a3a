import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, EgressPolicy, LOGGER, type ConfigOf, type Logger } from '@kilowatch/platform';
import type { configShape } from '../../config.js';
import { CertificatePolicies, type CertificatePolicy } from '../../domain/certificate-policy.js';
import { BuiltInAuthority, passingAuthority } from './built-in-authority.js';
import { FileCaKey } from './ca-key.js';
import type { CertificateAuthority } from './certificate-authority.js';
import { EstAuthority } from './est-authority.js';

/** Who signs for which tenant, by configuration. */
@Injectable()
export class Authorities {
  readonly policies: CertificatePolicies;
  private readonly builtIn: Promise<BuiltInAuthority | undefined>;
  private readonly est: EstAuthority | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    egress: EgressPolicy,
  ) {
    this.policies = CertificatePolicies.parse(config.KW_STATION_CERTIFICATES);
    this.builtIn = this.openBuiltIn();
    // Awaited by whoever signs; the start fails by `ready`.
    this.builtIn.catch(() => undefined);
    this.est = this.openEst(egress);
  }

  policyOf(tenant: string): CertificatePolicy {
    return this.policies.of(tenant);
  }

  /** Throws when what is configured cannot work. */
  async onModuleInit(): Promise<void> {
    await this.builtIn;
  }

  /** Undefined: nobody signs for this tenant. */
  async of(tenant: string): Promise<CertificateAuthority | undefined> {
    return this.policyOf(tenant).issuer === 'EST' ? this.est : this.builtIn;
  }

  async theBuiltIn(): Promise<BuiltInAuthority | undefined> {
    return this.builtIn;
  }

  private async openBuiltIn(): Promise<BuiltInAuthority | undefined> {
    const { config } = this;
    const options = { crlUrl: config.KW_STATION_CRL_URL, randomBytes };
    const { KW_STATION_CA_KEY: key, KW_STATION_CA_CERT: chain } = config;
    if (key && chain) return new BuiltInAuthority({ ...options, key: new FileCaKey(key.reveal()), chain });
    if (key || chain)
      throw precondition(
        'AUTH_CA',
        'KW_STATION_CA_KEY and KW_STATION_CA_CERT belong together: set both or none.',
      );
    if (config.KW_ENV === 'production') return undefined;
    this.log.warn(
      'no KW_STATION_CA_KEY: certificates of stations are signed by an authority that this process forgets',
    );
    return passingAuthority(options, this.clock.now());
  }

  private openEst(egress: EgressPolicy): EstAuthority | undefined {
    const { config } = this;
    if (config.KW_EST_URL === undefined) return undefined;
    const { KW_EST_CLIENT_CERT: cert, KW_EST_CLIENT_KEY: key } = config;
    const basic = config.KW_EST_PASSWORD?.reveal();
    return new EstAuthority({
      url: config.KW_EST_URL,
      serverCa: config.KW_EST_CA,
      egress,
      now: () => this.clock.now(),
      ...(cert && key ? { client: { cert, key: key.reveal() } } : {}),
      ...(basic ? { basic } : {}),
    });
  }
}
