import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isAppError, notFound } from '@kilowatch/kernel';
import {
  CONFIG,
  Database,
  externalAccountId,
  LOGGER,
  tenantScope,
  type ConfigOf,
  type Logger,
} from '@kilowatch/platform';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type IDToken,
} from 'openid-client';
import type { configShape } from '../config.js';
import type { Device } from '../domain/device.js';
import { admitted, parseOidcProviders, type OidcProvider } from '../domain/oidc-provider.js';
import { ExternalAccounts } from './external-accounts.js';
import { OidcClient } from './oidc-client.js';
import { RefusedSignIns } from './refused-sign-ins.js';
import { SignInSessions, type SignedIn, type SignInRefused } from './sign-in-sessions.js';
import { Tickets } from './tickets.js';
import { Vault } from './vault.js';

const TICKET = 'provider-sign-in';
const LONGEST_CALLBACK = 8_000;

/**
 * Signs in with the identity provider of a company: authorization code with PKCE, state and nonce (RFC 9700, 2.1). All three follow
 * from a ticket that the browser which began keeps; the address that comes back carries only the state, so a code that somebody
 * slips into another's browser finds no ticket there (docs/adr/0013). It ends in a session of our own.
 */
@Injectable()
export class SignInWithProvider {
  private readonly all: readonly OidcProvider[];
  private readonly key: Buffer;

  constructor(
    private readonly database: Database,
    private readonly clients: OidcClient,
    private readonly tickets: Tickets,
    private readonly externals: ExternalAccounts,
    private readonly sessions: SignInSessions,
    private readonly refused: RefusedSignIns,
    vault: Vault,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.all = parseOidcProviders(config.KW_OIDC_PROVIDERS?.reveal() ?? '[]');
    this.key = vault.key('provider sign-in');
  }

  providers(tenant: string | undefined): { id: string; name: string }[] {
    const wanted = tenant ?? this.config.KW_DEFAULT_TENANT;
    return this.all.filter((one) => one.tenant === wanted).map(({ id, name }) => ({ id, name }));
  }

  /** NOT_FOUND when the tenant has no such provider, UNAVAILABLE when it is away. */
  async start(
    id: string,
    tenant: string | undefined,
  ): Promise<{ url: string; flow: string; expiresAt: Date }> {
    const provider = this.provider(tenant ?? this.config.KW_DEFAULT_TENANT, id);
    const client = await this.clients.of(provider);
    const { text: flow, expiresAt } = this.tickets.issue(TICKET, {
      tenant: provider.tenant,
      accountId: provider.id,
    });
    const url = buildAuthorizationUrl(client, {
      redirect_uri: this.config.KW_OIDC_REDIRECT_URL,
      scope: provider.scope,
      code_challenge: await calculatePKCECodeChallenge(this.derived('verifier', flow)),
      code_challenge_method: 'S256',
      state: this.derived('state', flow),
      nonce: this.derived('nonce', flow),
    });
    return { url: url.toString(), flow, expiresAt };
  }

  /** `callback`: the query of the address that the provider sent the browser back to. */
  async finish(flow: string, callback: string, device: Device): Promise<SignedIn | SignInRefused> {
    const ticket = this.tickets.read(TICKET, flow);
    if (!ticket || callback.length > LONGEST_CALLBACK) return { reason: 'CHALLENGE_INVALID' };
    const { tenant, accountId: id, expiresAt } = ticket;
    const provider = this.provider(tenant, id);
    const scope = tenantScope(tenant);
    const fresh = await this.database.transaction(scope, (tx) =>
      this.tickets.spend(tx, tenant, flow, expiresAt),
    );
    if (!fresh) return { reason: 'CHALLENGE_INVALID' };
    const claims = await this.claims(provider, flow, callback);
    const person = claims && admitted(provider, claims);
    const { address } = device;
    if (!claims || !person) {
      await this.refused.note({ tenant, address, why: 'PROVIDER_REFUSED' });
      return { reason: 'PROVIDER_REFUSED' };
    }
    const { iss: issuer, sub: subject } = claims;
    const account = await this.externals.seen(tenant, externalAccountId(issuer, subject), {
      issuer,
      subject,
      ...person,
    });
    if (!account.active) {
      await this.refused.note({
        tenant,
        target: { kind: 'account', id: account.id },
        address,
        why: 'INACTIVE',
      });
      return { reason: 'INACTIVE' };
    }
    return this.database.transaction(scope, (tx) => this.sessions.open(tx, account, 'PROVIDER', device));
  }

  /** Of the verified id token; undefined when the provider, or what came back from it, is not as it must be. */
  private async claims(provider: OidcProvider, flow: string, callback: string): Promise<IDToken | undefined> {
    const client = await this.clients.of(provider);
    const address = new URL(this.config.KW_OIDC_REDIRECT_URL);
    address.search = callback;
    try {
      const tokens = await authorizationCodeGrant(client, address, {
        pkceCodeVerifier: this.derived('verifier', flow),
        expectedState: this.derived('state', flow),
        expectedNonce: this.derived('nonce', flow),
        idTokenExpected: true,
      });
      return tokens.claims();
    } catch (error) {
      if (isAppError(error)) throw error;
      // Names of protocol errors only: what came back holds a code.
      const { code, error: theirs } = error as { code?: unknown; error?: unknown };
      this.log.warn({ provider: provider.id, code, theirs }, 'sign-in with a provider refused');
      return undefined;
    }
  }

  private provider(tenant: string, id: string): OidcProvider {
    const found = this.all.find((one) => one.tenant === tenant && one.id === id);
    if (!found) throw notFound('AUTH_PROVIDER', 'There is no such identity provider.');
    return found;
  }

  private derived(use: string, flow: string): string {
    return createHmac('sha256', this.key).update(`${use} ${flow}`).digest('base64url');
  }
}
