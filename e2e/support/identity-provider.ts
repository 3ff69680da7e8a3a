import { createServer, type Server } from 'node:http';
import { freePort } from '@kilowatch/testing';
import Provider from 'oidc-provider';

const SECRET = 'the-secret-of-the-client-at-the-provider';

/** An OpenID provider of a company on loopback, where whoever is sent is signed in as `person` at once. */
export class IdentityProvider {
  private server: Server | undefined;
  /** What it says of whoever signs in; undefined: they turn back. */
  person: Record<string, unknown> | undefined;

  private constructor(private readonly port: number) {}

  static async atFreePort(): Promise<IdentityProvider> {
    return new IdentityProvider(await freePort());
  }

  /** For KW_OIDC_PROVIDERS. */
  settings(tenant: string, rules: object): Record<string, unknown> {
    const own = {
      tenant,
      id: 'corp',
      name: 'Corp',
      issuer: this.issuer,
      clientId: 'kw',
      clientSecret: SECRET,
    };
    return { ...own, scope: 'openid email profile roles', ...rules };
  }

  /** Opens once the portal's address is known. */
  async open(redirectUri: string): Promise<void> {
    const provider = new Provider(this.issuer, {
      clients: [
        { client_id: 'kw', client_secret: SECRET, redirect_uris: [redirectUri], response_types: ['code'] },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], roles: ['roles'] },
      scopes: ['openid', 'email', 'profile', 'roles'],
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...this.person }) }),
      loadExistingGrant: async (context) => {
        const accountId = context.oidc.session!.accountId!;
        const grant = new context.oidc.provider.Grant({ clientId: 'kw', accountId });
        grant.addOIDCScope('openid email profile roles');
        await grant.save();
        return grant;
      },
      interactions: { url: (_context, interaction) => `/login/${interaction.uid}` },
    });
    const callback = provider.callback();
    this.server = createServer((request, response) => {
      if (!request.url?.startsWith('/login/')) return void callback(request, response);
      const result = this.person
        ? { login: { accountId: String(this.person['sub']) } }
        : { error: 'access_denied' };
      void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }
}
