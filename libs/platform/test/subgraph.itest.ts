import { fileURLToPath } from 'node:url';
import { Secret } from '@kilowatch/kernel';
import {
  ServiceTokens,
  createLogger,
  loadConfig,
  runService,
  systemClock,
  type RunningService,
} from '@kilowatch/platform';
import { startTokenIssuer, type TokenIssuer } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SubgraphTestModule, UnruledModule, reached } from './subgraph/resolvers.js';

// Real: Nest, Apollo, HTTP, tokens and their JWKS. Not needed: Postgres; NATS may be anything.
const SECRET = 'a-secret-of-thirty-two-bytes-or-more';
const schemaPath = fileURLToPath(new URL('./subgraph/schema.graphql', import.meta.url));
const gateway = new ServiceTokens({
  service: 'graphql-gateway',
  secret: new Secret(SECRET),
  clock: systemClock,
});
let issuer: TokenIssuer;
let service: RunningService;

const options = () => ({
  name: 'tiny',
  config: loadConfig(
    {},
    {
      KW_ENV: 'production',
      KW_BIND_HOST: '127.0.0.1',
      KW_LOG_LEVEL: 'silent',
      KW_SERVICE_SECRET: SECRET,
      KW_JWT_ISSUER: issuer.issuer,
      KW_JWKS_URL: issuer.jwksUrl,
    },
  ),
  logger: createLogger({ service: 'tiny', level: 'silent' }),
});

beforeAll(async () => {
  issuer = await startTokenIssuer();
  service = await runService({ ...options(), module: SubgraphTestModule, graphql: { schemaPath } });
});

afterAll(async () => {
  await service.close();
  issuer.close();
});

beforeEach(() => {
  reached.resolvers = 0;
  reached.loads = [];
});

interface Answer {
  status: number;
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

async function ask(
  query: string,
  who: { user?: string; service?: string; variables?: object } = {},
): Promise<Answer> {
  const serviceToken = who.service ?? (await gateway.token());
  return send(JSON.stringify({ query, variables: who.variables }), {
    'content-type': 'application/json',
    ...(serviceToken === '' ? {} : { 'x-kilowatch-service': serviceToken }),
    ...(who.user === undefined ? {} : { authorization: `Bearer ${who.user}` }),
  });
}

async function send(body: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${service.httpPort}/graphql`, {
    method: 'POST',
    headers,
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const code = (answer: Answer) => answer.errors?.[0]?.extensions['code'];
const ENTITIES = `query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Session { id startedAt cost } } }`;
const references = (...ids: string[]) => ({ ids: ids.map((id) => ({ __typename: 'Session', id })) });

describe('a subgraph', () => {
  it.each([
    ['a query', '{ session(id: "s1") { id } }'],
    ['a public query', '{ version }'],
    ['its schema', '{ _service { sdl } }'],
    ['its entities', '{ _entities(representations: [{__typename: "Session", id: "s1"}]) { __typename } }'],
  ])('refuses %s that does not come from the gateway', async (_what, query) => {
    const user = await issuer.sign();
    for (const forged of ['', 'a.b.c', user]) {
      const answer = await ask(query, { user, service: forged });
      expect([answer.status, code(answer), answer.data, reached.resolvers]).toEqual([
        401,
        'UNAUTHENTICATED',
        undefined,
        0,
      ]);
    }
  });

  it('answers a signed-in driver, and anybody where it is public', async () => {
    expect(await ask('{ version }')).toMatchObject({ status: 200, data: { version: '1' } });
    const answer = await ask('{ session(id: "s1") { id startedAt cost } }', { user: await issuer.sign() });
    expect(answer.data).toEqual({
      session: { id: 's1', startedAt: '2026-11-21T10:00:00.500Z', cost: '2.50' },
    });
  });

  it('asks who is not signed in to sign in, and forbids who has another role', async () => {
    expect(code(await ask('{ session(id: "s1") { id } }'))).toBe('UNAUTHENTICATED');
    expect(code(await ask('mutation { stopSession(id: "s1") { id } }', { user: await issuer.sign() }))).toBe(
      'FORBIDDEN',
    );
    expect(reached.resolvers).toBe(0);
  });

  it('refuses the whole request when its user token is not valid, public fields too', async () => {
    for (const user of [
      'nonsense',
      await issuer.sign({ iss: 'https://evil.test' }),
      await issuer.sign({ aud: 'other' }),
    ]) {
      const answer = await ask('{ version }', { user });
      expect([answer.status, code(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  it('gives another tenant’s session the same answer as one that does not exist', async () => {
    const user = await issuer.sign();
    const [foreign, missing] = [
      await ask('{ session(id: "s4") { id } }', { user }),
      await ask('{ session(id: "zz") { id } }', { user }),
    ];
    expect(foreign).toEqual(missing);
    expect(foreign.errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', reason: 'SESSION_NOT_FOUND' });
  });
});

describe('_entities', () => {
  it('resolves references of one request with one load', async () => {
    const answer = await ask(ENTITIES, {
      user: await issuer.sign(),
      variables: references('s1', 's2', 's3', 's1'),
    });
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.['_entities']).toHaveLength(4);
    expect(reached.loads).toEqual([['s1', 's2', 's3']]);
  });

  it('is refused without a user token: the guard runs for reference resolvers', async () => {
    const answer = await ask(ENTITIES, { variables: references('s1', 's2') });
    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    expect([answer.data, reached.resolvers]).toEqual([{ _entities: [null, null] }, 0]);
  });

  it('is refused for a role that may not', async () => {
    const answer = await ask(ENTITIES, {
      user: await issuer.sign({ role: 'partner' }),
      variables: references('s1'),
    });
    expect([code(answer), reached.resolvers]).toEqual(['FORBIDDEN', 0]);
  });

  it('does not show another tenant’s entity, but the own beside it', async () => {
    const answer = await ask(ENTITIES, { user: await issuer.sign(), variables: references('s4', 's1') });
    expect(answer.data?.['_entities']).toMatchObject([null, { id: 's1' }]);
    expect(code(answer)).toBe('NOT_FOUND');
  });

  it('believes nothing in a representation but its key', async () => {
    const variables = {
      ids: [{ __typename: 'Session', id: 's1', startedAt: '1999-01-01T00:00:00Z', cost: '0.00' }],
    };
    const answer = await ask(ENTITIES, { user: await issuer.sign(), variables });
    expect(answer.data).toEqual({
      _entities: [{ id: 's1', startedAt: '2026-11-21T10:00:00.500Z', cost: '2.50' }],
    });
  });
});

describe('errors and limits', () => {
  it('tell nothing of a library', async () => {
    const answer = await ask('{ explode }', { user: await issuer.sign() });
    expect(JSON.stringify(answer)).not.toMatch(/wallet|relation|stack|\.ts/);
    expect(answer.errors?.[0]).toMatchObject({
      path: ['explode'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  });

  it('keep validation errors readable, without suggestions', async () => {
    const answer = await ask('{ sessionz }');
    expect(answer.errors?.[0]?.message).toContain('Cannot query field "sessionz"');
    expect(answer.errors?.[0]?.message).not.toContain('Did you mean');
    expect(code(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('hide the schema outside development', async () => {
    expect((await ask('{ __schema { types { name } } }')).data).toBeUndefined();
  });

  it('refuse requests a browser sends without asking first, and batches', async () => {
    const headers = { 'x-kilowatch-service': await gateway.token() };
    const plain = await fetch(`http://127.0.0.1:${service.httpPort}/graphql?query={version}`, { headers });
    expect(plain.status).toBe(400);
    const batch = await send('[{"query":"{version}"}]', { ...headers, 'content-type': 'application/json' });
    expect([batch.status, batch.data]).toEqual([400, undefined]);
  });

  it('refuse wrong page sizes and forged cursors as bad input', async () => {
    const user = await issuer.sign();
    const page = (args: string) =>
      ask(`{ sessions(${args}) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`, {
        user,
      });
    expect(code(await page('first: 0'))).toBe('BAD_USER_INPUT');
    expect(code(await page('first: 101'))).toBe('BAD_USER_INPUT');
    expect(code(await page('first: 1, after: "forged"'))).toBe('BAD_USER_INPUT');
    const first = (await page('first: 2')).data?.['sessions'] as {
      pageInfo: { endCursor: string; hasNextPage: boolean };
    };
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect((await page(`first: 2, after: "${first.pageInfo.endCursor}"`)).data).toMatchObject({
      sessions: { edges: [{ node: { id: 's3' } }], pageInfo: { hasNextPage: false } },
    });
  });

  it('read and write scalars, and hand the deadline of the operation on', async () => {
    const query =
      'query($at: DateTime!, $amount: Decimal!) { echo(at: $at, amount: $amount) { at amount deadlineAt details } }';
    const answer = await ask(query, { variables: { at: '2026-11-21T12:00:00+02:00', amount: '1.20' } });
    expect(answer.data).toMatchObject({
      echo: { at: '2026-11-21T10:00:00.000Z', amount: '1.3', details: { nested: [1] } },
    });
    const { deadlineAt } = (answer.data as { echo: { deadlineAt: string } }).echo;
    expect(new Date(deadlineAt).getTime()).toBeGreaterThan(Date.now());
    const float = await ask('{ echo(at: "2026-11-21T12:00:00Z", amount: 1.2) { amount } }');
    expect(float.data).toBeUndefined();
  });
});

describe('a service', () => {
  it('reports health and metrics', async () => {
    const get = async (path: string) => fetch(`http://127.0.0.1:${service.httpPort}${path}`);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/startup')).status).toBe(200);
    expect(await (await get('/health/ready')).json()).toEqual({ ok: true, checks: {} });
    expect(await (await get('/metrics')).text()).toContain('kw_graphql_operation_seconds');
  });

  it('does not start with a resolver that has no access rule, and says which', async () => {
    const start = runService({ ...options(), module: UnruledModule, graphql: { schemaPath } });
    await expect(start).rejects.toThrow('UnruledResolver.version (Query.version) has no access rule');
  });
});
