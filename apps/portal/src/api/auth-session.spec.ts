import { describe, expect, it } from 'vitest';
import { AuthSession, type AuthPorts } from './auth-session.js';
import type { SignInParts } from './documents/account.js';

const ACCOUNT = { id: 'a', email: 'a@b.example', displayName: 'A', role: 'DRIVER', locale: 'en' } as const;

function world(storedToken: string | null = null) {
  const state = {
    now: Date.parse('2026-07-01T10:00:00Z'),
    stored: storedToken,
    refreshed: [] as string[],
    isDown: false,
    refusal: undefined as SignInParts | undefined,
    timer: undefined as { run: () => void; milliseconds: number } | undefined,
  };
  let count = 0;
  const signedIn = (): SignInParts => ({
    __typename: 'SignedIn',
    accessToken: `access-${(count += 1)}`,
    accessTokenExpiresAt: new Date(state.now + 300_000).toISOString(),
    refreshToken: `refresh-${count}`,
    account: ACCOUNT,
  });
  const ports: AuthPorts = {
    signIn: async (_email, password) =>
      password === 'right'
        ? signedIn()
        : { __typename: 'SignInRefused', reason: 'WRONG_CREDENTIALS', message: '', retryAfterSeconds: null },
    refresh: async (token) => {
      if (state.isDown) throw new Error('down');
      state.refreshed.push(token);
      return state.refusal ?? signedIn();
    },
    signOut: async () => undefined,
    readToken: () => state.stored,
    writeToken: (token) => {
      state.stored = token;
    },
    exclusive: (run) => run(),
    now: () => state.now,
    later: (run, milliseconds) => {
      state.timer = { run, milliseconds };
      return () => {
        state.timer = undefined;
      };
    },
  };
  return { state, session: new AuthSession(ports) };
}

const refused = (reason: string, retryAfterSeconds: number | null = null): SignInParts => ({
  __typename: 'SignInRefused',
  reason,
  message: '',
  retryAfterSeconds,
});

describe('AuthSession', () => {
  it('starts signed out without a stored token', async () => {
    const { session } = world();
    await session.start();
    expect(session.snapshot()).toEqual({ status: 'signed-out' });
    expect(await session.accessToken()).toBeUndefined();
  });

  it('goes on from the stored token and stores the next one', async () => {
    const { session, state } = world('old');
    await session.start();
    expect(session.snapshot()).toEqual({ status: 'signed-in', account: ACCOUNT });
    expect(state.refreshed).toEqual(['old']);
    expect(state.stored).toBe('refresh-1');
  });

  it('stays signed out while a second step is wanted, and enters with what that gives', async () => {
    const { session, state } = world();
    await session.start();
    const wanted = { __typename: 'SecondFactorNeeded', challenge: 'c', enrolmentNeeded: false } as const;
    expect(session.enter(wanted)).toMatchObject({ reason: 'CODE_NEEDED', challenge: 'c' });
    expect(session.enter({ ...wanted, enrolmentNeeded: true })).toMatchObject({ reason: 'ENROLMENT_NEEDED' });
    expect([session.snapshot().status, state.stored]).toEqual(['signed-out', null]);
    const accessTokenExpiresAt = new Date(state.now + 300_000).toISOString();
    const signedIn = {
      __typename: 'SignedIn',
      accessToken: 'a',
      refreshToken: 'r',
      accessTokenExpiresAt,
      account: ACCOUNT,
    } as const;
    expect(session.enter(signedIn)).toBeUndefined();
    expect([session.snapshot().status, state.stored]).toEqual(['signed-in', 'r']);
  });

  it('tells why signing in was refused and stays signed out', async () => {
    const { session } = world();
    await session.start();
    expect(await session.signIn('a@b.example', 'wrong')).toMatchObject({ reason: 'WRONG_CREDENTIALS' });
    expect(session.snapshot()).toEqual({ status: 'signed-out' });
  });

  it('renews before the access token ends', async () => {
    const { session, state } = world();
    await session.signIn('a@b.example', 'right');
    expect(state.timer?.milliseconds).toBeGreaterThan(0);
    expect(state.timer?.milliseconds).toBeLessThan(300_000 - 30_000);
    state.timer?.run();
    expect(await session.accessToken()).toBeDefined();
    expect(state.refreshed).toEqual(['refresh-1']);
  });

  it('uses a refresh token once however many requests wait for it', async () => {
    const { session, state } = world();
    await session.signIn('a@b.example', 'right');
    state.now += 290_000;
    const tokens = await Promise.all([session.accessToken(), session.accessToken(), session.accessToken()]);
    expect(new Set(tokens)).toEqual(new Set(['access-2']));
    expect(state.refreshed).toEqual(['refresh-1']);
  });

  it('uses the token another tab stored meanwhile', async () => {
    const { session, state } = world();
    await session.signIn('a@b.example', 'right');
    state.stored = 'from-another-tab';
    state.now += 290_000;
    await session.accessToken();
    expect(state.refreshed).toEqual(['from-another-tab']);
  });

  it('gets a new token after the platform refused the old one', async () => {
    const { session } = world();
    await session.signIn('a@b.example', 'right');
    session.invalidate('another');
    expect(await session.accessToken()).toBe('access-1');
    session.invalidate('access-1');
    expect(await session.accessToken()).toBe('access-2');
  });

  it('ends when the refresh token is refused, and says so', async () => {
    const { session, state } = world('stolen');
    state.refusal = refused('REFRESH_TOKEN_INVALID');
    await session.start();
    expect(session.snapshot()).toEqual({ status: 'signed-out', notice: 'SESSION_ENDED' });
    expect(state.stored).toBeNull();
  });

  it('keeps the token and tries again while the platform is down', async () => {
    const { session, state } = world('kept');
    state.isDown = true;
    await session.start();
    expect(session.snapshot()).toEqual({ status: 'unreachable' });
    expect(state.stored).toBe('kept');
    state.isDown = false;
    state.timer?.run();
    expect(await session.accessToken()).toBe('access-1');
    expect(session.snapshot().status).toBe('signed-in');
  });

  it('stays signed in when refreshing is rate-limited', async () => {
    const { session, state } = world();
    await session.signIn('a@b.example', 'right');
    state.refusal = refused('RATE_LIMITED', 7);
    state.now += 290_000;
    expect(await session.accessToken()).toBeUndefined();
    expect(session.snapshot().status).toBe('signed-in');
    expect(state.timer?.milliseconds).toBe(7_000);
  });

  it('forgets everything at sign-out', async () => {
    const { session, state } = world();
    await session.signIn('a@b.example', 'right');
    await session.signOut();
    expect(state.stored).toBeNull();
    expect(state.timer).toBeUndefined();
    expect(await session.accessToken()).toBeUndefined();
  });
});
