import { decodeJwt } from 'jose';
import { GraphqlClient } from '../client/graphql-client.js';
import { changeCredentials, readCredentials, type Credentials } from './credentials.js';
import { KwError, wrongInput } from './kw-error.js';

const RESULT = `__typename ... on SignedIn { accessToken refreshToken } ... on SignInRefused { reason message }
  ... on SecondFactorNeeded { challenge enrolmentNeeded }`;
const USAGE = 'kw login EMAIL PASSWORD [--code CODE] [--url URL]';
/** A new token is fetched that long before the old one ends. */
const SPARE_MS = 30_000;

interface Signed {
  readonly reason?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly message?: string;
  /** The password was right, a code is wanted. */
  readonly challenge?: string;
  /** There is none set up yet, and the operator wants one. */
  readonly enrolmentNeeded?: boolean;
}

/** Where the code of a second factor comes from. */
export interface CodeSource {
  /** Of the app, or a recovery code. */
  readonly code?: string | undefined;
  /** Asks the person; undefined where nobody sits at a terminal. */
  readonly ask?: (() => Promise<string>) | undefined;
}

/** Signs in and keeps the refresh token. @throws UNAUTHENTICATED with what to do, when refused or when a code is wanted and missing */
export async function login(
  file: string,
  url: string,
  email: string | undefined,
  password: string | undefined,
  source: CodeSource = {},
): Promise<Credentials> {
  if (!email || !password) throw wrongInput(`who? ${USAGE}`);
  const client = new GraphqlClient(url);
  const { signIn } = await client.request<{ signIn: Signed }>(
    `mutation($input: SignInInput!) { signIn(input: $input) { ${RESULT} } }`,
    { input: { email, password } },
  );
  const { challenge } = signIn;
  const signed =
    challenge === undefined ? signIn : await secondStep(client, { ...signIn, challenge }, source);
  const { refreshToken } = signed;
  if (!refreshToken) throw new KwError('UNAUTHENTICATED', signed.message ?? 'refused');
  const { credentials } = await changeCredentials(file, async () => ({
    credentials: { url, email, refreshToken },
  }));
  return credentials;
}

async function secondStep(
  client: GraphqlClient,
  { challenge, enrolmentNeeded }: Signed & { readonly challenge: string },
  { code: given, ask }: CodeSource,
): Promise<Signed> {
  if (enrolmentNeeded)
    throw new KwError(
      'UNAUTHENTICATED',
      'your operator wants a second factor of your role: sign in to the portal and set one up, then kw login with --code',
    );
  const entered = (given ?? (await ask?.()) ?? '').trim();
  if (entered === '')
    throw new KwError('UNAUTHENTICATED', `a code of your app, or a recovery code, is wanted: ${USAGE}`);
  // A code by time has digits alone; with letters it is one of the recovery codes.
  const proof = /[a-z]/i.test(entered) ? { recoveryCode: entered } : { code: entered.replaceAll(/\s/g, '') };
  const { completeSignIn } = await client.request<{ completeSignIn: Signed }>(
    `mutation($input: CompleteSignInInput!) { completeSignIn(input: $input) { ${RESULT} } }`,
    { input: { challenge, ...proof } },
  );
  return completeSignIn.reason === 'WRONG_CREDENTIALS'
    ? { message: 'The code is wrong, or was used already. Wait for the next one.' }
    : completeSignIn;
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
