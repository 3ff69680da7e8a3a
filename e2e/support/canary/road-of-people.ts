import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { DEMO_ADMIN } from '@kilowatch/tools/system/system-options';
import type { Canaries } from './canaries.js';
import { canarySignedIn, SIGNED_IN, type SignInAnswer } from './sign-in-answer.js';
import type { TellingApi } from './telling-api.js';

const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) { ${SIGNED_IN} } }`;
const REFRESH = `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SIGNED_IN} } }`;
const CREATE = 'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }';

export interface SignedInPeople {
  readonly admin: string;
  readonly driver: string;
  readonly driverEmail: string;
}

/** Passwords, access and refresh tokens: rightly, wrongly, and where they do not belong. Leaves a driver signed in. */
export async function walkRoadOfPeople(api: TellingApi, canaries: Canaries): Promise<SignedInPeople> {
  const signIn = async (name: string, email: string, password: string) => {
    const { data } = await api.ask<{ signIn: SignInAnswer }>(SIGN_IN, { input: { email, password } });
    return canarySignedIn(canaries, name, data?.signIn);
  };
  const admin = (await signIn('administrator', DEMO_ADMIN.email, DEMO_ADMIN.password))!.accessToken;
  const driverEmail = 'canary.driver@kilowatch.local';
  const account = { email: driverEmail, displayName: 'Carla Canary', role: 'DRIVER', locale: 'en' };
  const password = canaries.password('password of an account');
  await api.need(CREATE, { input: { ...account, password } }, admin);
  // Refused: taken, wrong role, not an address, no administrator.
  const refused = canaries.password('password of an account that is refused');
  await api.ask(CREATE, { input: { ...account, password: refused } }, admin);
  await api.ask(
    CREATE,
    { input: { ...account, email: 'other@kilowatch.local', role: 'KING', password: refused } },
    admin,
  );
  await api.ask(CREATE, { input: { ...account, email: 'nobody', password: refused } }, admin);
  await api.ask(CREATE, { input: { ...account, email: 'other@kilowatch.local', password: refused } });

  const wrong = canaries.password('wrong password');
  await signIn('nobody', driverEmail, wrong);
  await signIn('nobody', 'stranger@kilowatch.local', wrong);
  // In the wrong shape, in the wrong place, in no place at all.
  await api.ask(SIGN_IN, { input: { email: driverEmail, password: [wrong] } });
  await api.ask(SIGN_IN, { input: { email: driverEmail, password: wrong, pin: 1 } });
  await api.ask(SIGN_IN, { input: { email: driverEmail, password: { text: wrong } } });
  await api.ask(
    `mutation { signIn(input: { email: "${driverEmail}", password: "${wrong}", x: }) { __typename } }`,
  );
  await api.ask(
    `mutation { signIn(input: { email: "${driverEmail}", password: ["${wrong}"] }) { __typename } }`,
  );
  await api.ask(`mutation { signIn(input: "${wrong}") { __typename } }`);
  await api.ask(`{ me(password: "${wrong}") { id } }`);
  await api.send(`{"query": "mutation { signIn", "variables": {"password": "${wrong}"`);

  const driver = await signIn('driver', driverEmail, password);
  const refresh = async (name: string, refreshToken: string) => {
    const { data } = await api.ask<{ refreshSession: SignInAnswer }>(REFRESH, { input: { refreshToken } });
    return canarySignedIn(canaries, name, data?.refreshSession);
  };
  const renewed = await refresh('driver, renewed', driver!.refreshToken);
  if (!renewed) throw new Error('the refresh token was refused');
  await refresh('thief', driver!.refreshToken);
  await refresh('nobody', canaries.token('refresh token that nobody gave out'));
  const out = await signIn('driver, who signs out', driverEmail, password);
  await api.ask('mutation($input: SignOutInput!) { signOut(input: $input) { signedOut } }', {
    input: { refreshToken: out!.refreshToken },
  });

  const [head, body] = driver!.accessToken.split('.');
  const forged = canaries.jwt('forged access token', `${head}.${body}.${canaries.token('forged signature')}`);
  await api.ask('{ me { id } }', {}, forged);
  await api.ask('{ me { id } }', {}, canaries.token('access token that is none'));
  await api.send(
    JSON.stringify({ query: '{ me { id } }' }),
    undefined,
    `?access_token=${renewed.accessToken}`,
  );
  await byWebSocket(api.url, forged);
  await byWebSocket(api.url, renewed.accessToken);
  const last = await signIn('driver, at last', driverEmail, password);
  return { admin, driver: last!.accessToken, driverEmail };
}

/** Opens a subscription and ends it, or is refused. */
async function byWebSocket(url: string, accessToken: string): Promise<void> {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${accessToken}` },
  });
  const over = new Promise<void>((resolve) => {
    const sink = { next: () => resolve(), error: () => resolve(), complete: () => resolve() };
    client.subscribe({ query: `subscription { nothing(token: "${accessToken}") }` }, sink);
  });
  await over;
  await client.dispose();
}
