import type { IncomingMessage } from 'node:http';
import { Secret, tenantId } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import type { JwtVerifier } from '../auth/jwt-verifier.js';
import { ServiceTokens } from '../auth/service-tokens.js';
import { systemClock } from '../clock/system-clock.js';
import { graphqlContext } from './context.js';

const tokens = new ServiceTokens({
  service: 'graphql-gateway',
  secret: new Secret('x'.repeat(32)),
  clock: systemClock,
});
const principal = { accountId: 'a', tenant: tenantId('demo'), role: 'driver' as const, scopes: [] };
const seen: string[] = [];
const verifier = { verify: async (token: string) => (seen.push(token), principal) } as unknown as JwtVerifier;
const contextOf = async (headers: Record<string, string>) =>
  graphqlContext(
    tokens,
    verifier,
  )({
    req: {
      headers: { 'x-kilowatch-service': await tokens.token(), ...headers },
    } as unknown as IncomingMessage,
  });

describe('graphqlContext', () => {
  it('knows the caller, the trace and, with an access token, the principal', async () => {
    await expect(contextOf({ traceparent: '00-1' })).resolves.toEqual({
      caller: 'graphql-gateway',
      principal: null,
      traceparent: '00-1',
    });
    await expect(contextOf({ authorization: 'Bearer abc.def.ghi' })).resolves.toMatchObject({ principal });
    expect(seen).toEqual(['abc.def.ghi']);
  });

  it('knows where the client is, as the gateway saw it', async () => {
    await expect(contextOf({ 'x-kilowatch-client-address': '198.51.100.7' })).resolves.toMatchObject({
      clientAddress: '198.51.100.7',
    });
    expect((await contextOf({})).clientAddress).toBeUndefined();
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'abc.def.ghi'])(
    'refuses the authorization header "%s" instead of taking it for nobody',
    async (authorization) => {
      await expect(contextOf({ authorization })).rejects.toMatchObject({
        extensions: { http: { status: 401 } },
      });
    },
  );

  it('does not look at the user before the service is known', async () => {
    const before = seen.length;
    await expect(
      contextOf({ 'x-kilowatch-service': 'a.b.c', authorization: 'Bearer abc' }),
    ).rejects.toThrow();
    expect(seen).toHaveLength(before);
  });
});
