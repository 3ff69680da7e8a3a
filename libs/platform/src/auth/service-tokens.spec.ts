import { Secret } from '@kilowatch/kernel';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { ServiceTokens } from './service-tokens.js';

const SECRET = 'a-secret-of-thirty-two-bytes-or-more';
const START = Date.UTC(2026, 10, 21, 10);

function tokensAt(service: string, secret = SECRET) {
  const clock = { ms: START, now: () => new Date(clock.ms) };
  return { clock, tokens: new ServiceTokens({ service, secret: new Secret(secret), clock }) };
}

describe('ServiceTokens', () => {
  it('tells one service the name of the other', async () => {
    const token = await tokensAt('sessions').tokens.token();
    await expect(tokensAt('auth').tokens.verify(token)).resolves.toBe('sessions');
  });

  it('reuses its token and renews it before it expires', async () => {
    const { clock, tokens } = tokensAt('sessions');
    const first = await tokens.token();
    clock.ms += 39_000;
    expect(await tokens.token()).toBe(first);
    clock.ms += 2_000;
    const second = await tokens.token();
    expect(second).not.toBe(first);
    await expect(tokens.verify(second)).resolves.toBe('sessions');
  });

  it('refuses an expired token, also one it accepted before', async () => {
    const token = await tokensAt('sessions').tokens.token();
    const { clock, tokens } = tokensAt('auth');
    await tokens.verify(token);
    clock.ms += 71_000;
    await expect(tokens.verify(token)).rejects.toMatchObject({ kind: 'UNAUTHENTICATED' });
  });

  it.each([
    ['no token', async () => undefined],
    ['an empty one', async () => ''],
    ['nonsense', async () => 'a.b.c'],
    ['one of another secret', () => tokensAt('x', 'another-secret-of-thirty-two-bytes-or-so').tokens.token()],
    ['an unsigned one', async () => unsigned({ alg: 'none', typ: 'kilowatch-service+jwt' })],
    ['one of another type', () => signed({ typ: 'at+jwt' })],
    ['one for another audience', () => signed({ audience: 'kilowatch' })],
    ['one of another algorithm', () => signed({ alg: 'HS512' })],
  ])('refuses %s', async (_what, make) => {
    const token = await make();
    await expect(tokensAt('auth').tokens.verify(token)).rejects.toMatchObject({
      code: 'SERVICE_TOKEN_REFUSED',
    });
  });

  it('does not start with a short secret', () => {
    expect(() => tokensAt('auth', 'short')).toThrow('32 bytes');
  });
});

function signed(change: { typ?: string; audience?: string; alg?: string }): Promise<string> {
  return new SignJWT({ iss: 'x' })
    .setProtectedHeader({ alg: change.alg ?? 'HS256', typ: change.typ ?? 'kilowatch-service+jwt' })
    .setAudience(change.audience ?? 'kilowatch-internal')
    .setIssuedAt(START / 1000)
    .setExpirationTime(START / 1000 + 60)
    .sign(new TextEncoder().encode(SECRET));
}

function unsigned(header: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'x', aud: 'kilowatch-internal', iat: START / 1000, exp: START / 1000 + 60 };
  return `${part(header)}.${part(claims)}.`;
}
