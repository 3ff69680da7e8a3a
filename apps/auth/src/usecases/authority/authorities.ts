import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, EgressPolicy, LOGGER, type ConfigOf, type Logger } from '@kilowatch/platform';
import type { configShape } from '../../config.js';
import { CertificatePolicies, type CertificatePolicy } from '../../domain/certificate-policy.js';
import { BuiltInAuthority, passingAuthority } from './built-in-authority.js';
import { FileCaKey, type CaKey } from './ca-key.js';
import type { CertificateAuthority } from './certificate-authority.js';
import { EstAuthority } from './est-authority.js';
import { VaultKey } from './vault-key.js';

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
    this.builtIn = this.openBuiltIn(egress);
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

  private async openBuiltIn(egress: EgressPolicy): Promise<BuiltInAuthority | undefined> {
    const { config } = this;
    const options = { crlUrl: config.KW_STATION_CRL_URL, randomBytes };
    const { KW_STATION_CA_KEY: key, KW_STATION_CA_CERT: chain, KW_STATION_CA_VAULT_URL: vault } = config;
    if (key && vault)
      throw precondition(
        'AUTH_CA',
        'KW_STATION_CA_KEY and KW_STATION_CA_VAULT_URL are two keys of one authority: set one of them.',
      );
    if (!!(key ?? vault) !== !!chain)
      throw precondition(
        'AUTH_CA',
        'KW_STATION_CA_CERT belongs to KW_STATION_CA_KEY or KW_STATION_CA_VAULT_URL: set both or none.',
      );
    if (chain)
      return new BuiltInAuthority({
        ...options,
        key: key ? new FileCaKey(key.reveal()) : this.vaultKey(vault!, chain, egress),
        chain,
      });
    if (config.KW_ENV === 'production') return undefined;
    this.log.warn(
      'no KW_STATION_CA_KEY: certificates of stations are signed by an authority that this process forgets',
    );
    return passingAuthority(options, this.clock.now());
  }

  private vaultKey(url: string, chain: string, egress: EgressPolicy): CaKey {
    const { config } = this;
    const { KW_STATION_CA_VAULT_KEY: keyName, KW_STATION_CA_VAULT_TOKEN: token } = config;
    if (!keyName || !token)
      throw precondition(
        'AUTH_CA',
        'KW_STATION_CA_VAULT_URL needs KW_STATION_CA_VAULT_KEY, the name of the key, and KW_STATION_CA_VAULT_TOKEN.',
      );
    const namespace = config.KW_STATION_CA_VAULT_NAMESPACE;
    return new VaultKey({
      ...{ url, keyName, token, namespace, chain, egress },
      serverCa: config.KW_STATION_CA_VAULT_CA,
    });
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
