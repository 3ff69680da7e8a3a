import { decodeJwt } from 'jose';
import { GraphqlClient } from '../client/graphql-client.js';
import { changeCredentials, readCredentials, type Credentials } from './credentials.js';
import { KwError, wrongInput } from './kw-error.js';

const RESULT = `__typename ... on SignedIn { accessToken refreshToken } ... on SignInRefused { message }`;
/** A new token is fetched that long before the old one ends. */
const SPARE_MS = 30_000;

interface Signed {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly message?: string;
}

export async function login(
  file: string,
  url: string,
  email: string | undefined,
  password: string | undefined,
): Promise<Credentials> {
  if (!email || !password) throw wrongInput('who? kw login EMAIL PASSWORD [--url URL]');
  const { signIn } = await new GraphqlClient(url).request<{ signIn: Signed }>(
    `mutation($input: SignInInput!) { signIn(input: $input) { ${RESULT} } }`,
    { input: { email, password } },
  );
  const { refreshToken } = signIn;
  if (!refreshToken) throw new KwError('UNAUTHENTICATED', signIn.message ?? 'refused');
  const { credentials } = await changeCredentials(file, async () => ({
    credentials: { url, email, refreshToken },
  }));
  return credentials;
}

/** Access tokens for as long as a command lasts. Each one spends the refresh token in the file and leaves the next there. */
export class AccessTokens {
  private current: { readonly token: string; readonly until: number } | undefined;
  private coming: Promise<string> | undefined;

  constructor(
    private readonly file: string,
    /** Monotonic milliseconds: this machine's clock may differ from the server's. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The one in use while it lasts, else a new one. @throws when the sign-in was revoked or has ended */
  readonly token = async (): Promise<string> => {
    if (this.current && this.now() < this.current.until) return this.current.token;
    this.coming ??= this.refresh().finally(() => (this.coming = undefined));
    return this.coming;
  };

  private async refresh(): Promise<string> {
    const { accessToken } = await changeCredentials(this.file, async () => {
      const credentials = readCredentials(this.file);
      const { refreshSession } = await new GraphqlClient(credentials.url).request<{ refreshSession: Signed }>(
        `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { ${RESULT} } }`,
        { input: { refreshToken: credentials.refreshToken } },
      );
      const { accessToken, refreshToken } = refreshSession;
      if (!accessToken || !refreshToken) {
        const why = refreshSession.message ?? 'Please sign in again.';
        throw new KwError('UNAUTHENTICATED', `${why} (kw login EMAIL PASSWORD)`);
      }
      return { accessToken, credentials: { ...credentials, refreshToken } };
    });
    const { iat = 0, exp = 0 } = decodeJwt(accessToken);
    this.current = { token: accessToken, until: this.now() + (exp - iat) * 1_000 - SPARE_MS };
    return accessToken;
  }
}
