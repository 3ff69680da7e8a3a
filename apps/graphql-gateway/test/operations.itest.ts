import { Secret } from '@kilowatch/kernel';
import { ServiceTokens, systemClock } from '@kilowatch/platform';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expiresIn, SERVICE_SECRET, startGateway, type Answer, type TestGateway } from './gateway-harness.js';

// Real: the gateway process's whole stack, HTTP, tokens and their JWKS, NATS. Fake: the subgraphs (tiny, over HTTP).
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({ KW_SUBGRAPH_TIMEOUT_MS: '3000' });
});
afterAll(() => gateway.close());
beforeEach(() => void (gateway.subgraphs.seen.length = 0));

const first = ({ errors }: Answer) => errors?.[0]?.extensions;
const nothingRan = () => expect(gateway.subgraphs.seen).toEqual([]);
const JSON_BODY = { 'content-type': 'application/json' };

describe('a query', () => {
  it('gathers its fields from the subgraphs that own them', async () => {
    const answer = await gateway.ask('{ session(id: "s1") { id energyWh station { id } } }');
    expect(answer).toMatchObject({
      status: 200,
      data: { session: { id: 's1', energyWh: 1234.5, station: { id: 'st' } } },
    });
    expect(answer.errors).toBeUndefined();
  });

  it('carries the token of the user to every subgraph, and a service token that says who asks', async () => {
    const as = await gateway.bearer();
    const { data } = await gateway.ask('{ me session(id: "s1") { by } }', { as });
    expect(data).toMatchObject({ me: as, session: { by: as } });
    const tokens = new ServiceTokens({
      service: 'x',
      secret: new Secret(SERVICE_SECRET),
      clock: systemClock,
    });
    expect(new Set(gateway.subgraphs.seen.map(({ subgraph }) => subgraph))).toEqual(
      new Set(['sessions', 'metering']),
    );
    for (const { headers } of gateway.subgraphs.seen) {
      expect(await tokens.verify(headers['x-kilowatch-service'] as string)).toBe('graphql-gateway');
    }
  });

  it('passes no header of the client on but its token', async () => {
    const headers = { ...JSON_BODY, 'x-kilowatch-service': 'forged', cookie: 'a=b', 'x-role': 'admin' };
    await gateway.send({ method: 'POST', headers, body: JSON.stringify({ query: '{ me }' }) });
    const [seen] = gateway.subgraphs.seen;
    expect(seen?.headers['x-kilowatch-service']).not.toBe('forged');
    expect(seen?.headers).not.toHaveProperty('cookie');
    expect(seen?.headers).not.toHaveProperty('x-role');
    expect(seen?.headers).not.toHaveProperty('authorization');
  });
});

describe('a token', () => {
  it.each([
    ['expired', () => gateway.bearer(expiresIn(-60))],
    ['no token at all', async () => 'Bearer nonsense'],
    ['no bearer token', async () => 'Basic YTpi'],
  ])('that is %s refuses the whole request', async (_what, token) => {
    const answer = await gateway.ask('{ me }', { as: await token() });
    expect(answer.status).toBe(401);
    expect(first(answer)).toEqual({ code: 'UNAUTHENTICATED', reason: 'AUTH_TOKEN_REFUSED' });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    nothingRan();
  });
});

describe('limits refuse before anything runs:', () => {
  const nested = (levels: number) => `${'{ sessions '.repeat(levels)}{ id }${' }'.repeat(levels)}`;
  const many = (n: number, text: (i: number) => string) =>
    Array.from({ length: n }, (_, i) => text(i)).join(' ');
  it.each([
    ['depth', `{ session(id: 1) ${nested(7)} }`, 'QUERY_TOO_DEEP'],
    ['aliases', `{ ${many(16, (i) => `a${i}: me`)} }`, 'QUERY_TOO_MANY_ALIASES'],
    ['directives', `{ ${many(51, () => `me @include(if: true)`)} }`, 'QUERY_TOO_MANY_DIRECTIVES'],
    [
      'cost',
      '{ sessions(first: 100) { edges { node { sessions { sessions { sessions { id } } } } } } }',
      'QUERY_TOO_EXPENSIVE',
    ],
    ['sign-ins', 'mutation { a: signIn(email: "a") b: signIn(email: "b") }', 'QUERY_TOO_MANY_SIGN_INS'],
    [
      'sign-ins in fragments',
      'mutation { ...A ...B } fragment A on Mutation { a: signIn(email: "a") } fragment B on Mutation { b: signIn(email: "b") }',
      'QUERY_TOO_MANY_SIGN_INS',
    ],
  ])('%s', async (_what, query, reason) => {
    const answer = await gateway.ask(query);
    expect(answer.status).toBe(400);
    expect(first(answer)).toEqual({ code: 'BAD_USER_INPUT', reason });
    nothingRan();
  });

  it.each([
    ['by aliases', 'mutation { a: touch b: touch }'],
    [
      'by fragments',
      'mutation { ...A ...B } fragment A on Mutation { a: touch } fragment B on Mutation { touch }',
    ],
  ])('changes of somebody who has not signed in, to one a request, %s', async (_how, query) => {
    expect(first(await gateway.ask(query))).toEqual({
      code: 'BAD_USER_INPUT',
      reason: 'QUERY_TOO_MANY_CHANGES',
    });
    nothingRan();
    expect((await gateway.ask('mutation { touch }')).data).toEqual({ touch: 1 });
    expect((await gateway.ask(query, { as: await gateway.bearer() })).errors).toBeUndefined();
  });

  it('cost by a variable, each time anew though the document is the same', async () => {
    const query =
      'query ($n: Int!) { sessions(first: $n) { edges { node { sessions { station { id } sessions { id } } } } } }';
    expect((await gateway.ask(query, { variables: { n: 10 } })).status).toBe(200);
    expect(first(await gateway.ask(query, { variables: { n: 100_000 } }))).toMatchObject({
      reason: 'QUERY_TOO_EXPENSIVE',
    });
  });

  it('tokens', async () => {
    const answer = await gateway.ask(`{ ${'me '.repeat(1_000)} }`);
    expect(answer.status).toBe(400);
    expect(first(answer)).toEqual({ code: 'GRAPHQL_PARSE_FAILED' });
    nothingRan();
  });

  it('size of the body', async () => {
    const body = JSON.stringify({ query: '{ me }', variables: { x: 'y'.repeat(256 * 1024) } });
    const answer = await gateway.send({ method: 'POST', headers: JSON_BODY, body });
    expect(answer.status).toBe(413);
    expect(first(answer)).toEqual({ code: 'BAD_USER_INPUT', reason: 'BODY_TOO_LARGE' });
    nothingRan();
  });
});

describe('the endpoint refuses', () => {
  it.each([
    ['batches', { headers: JSON_BODY, body: '[{"query":"{ me }"},{"query":"{ me }"}]' }],
    ['what is no JSON', { headers: JSON_BODY, body: '{' }],
    [
      'a form of another site (CSRF)',
      { headers: { 'content-type': 'text/plain' }, body: '{"query":"{ me }"}' },
    ],
  ])('%s', async (_what, init) => {
    const answer = await gateway.send({ method: 'POST', ...init });
    expect(answer.status).toBe(400);
    expect(answer.errors).toHaveLength(1);
    nothingRan();
  });

  it('a link of another site (CSRF), but not a GET that no simple link can make', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ me }')}`;
    expect((await gateway.send({}, path)).status).toBe(400);
    nothingRan();
    expect((await gateway.send({ headers: { 'apollo-require-preflight': '1' } }, path)).status).toBe(200);
  });

  it('mutations by GET', async () => {
    const path = `/graphql?query=${encodeURIComponent('mutation { touch }')}`;
    const answer = await gateway.send({ headers: { 'apollo-require-preflight': '1' } }, path);
    expect(answer.status).toBe(405);
    nothingRan();
  });

  it('subscriptions over HTTP', async () => {
    const answer = await gateway.ask('subscription { sessionUpdated(id: "s1") { id } }');
    expect(first(answer)).toMatchObject({ reason: 'SUBSCRIPTIONS_BY_SOCKET' });
    nothingRan();
  });

  it('introspection and suggestions in production', async () => {
    expect(first(await gateway.ask('{ __schema { types { name } } }'))).toEqual({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
    const typo = await gateway.ask('{ sesion(id: 1) { id } }');
    expect(typo.errors?.[0]?.message).toBe('Cannot query field "sesion" on type "Query".');
  });
});

describe('errors', () => {
  it.each(['BAD_USER_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'UNAUTHENTICATED', 'CONFLICT', 'RATE_LIMITED'])(
    'keep the code %s of the subgraph, and nothing else of its extensions',
    async (code) => {
      const answer = await gateway.ask(`{ refused(code: "${code}") }`);
      expect(answer.status).toBe(200);
      expect(answer.errors).toEqual([
        {
          message: `public text of ${code}`,
          path: ['refused'],
          extensions: { code, reason: 'TEST_REASON' },
        },
      ]);
    },
  );

  it('hide what went wrong inside', async () => {
    const answer = await gateway.ask('{ broken }');
    expect(answer.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'INTERNAL' },
      },
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|stack|sessions/);
  });

  it('say SERVICE_UNAVAILABLE when a subgraph is silent, and keep what the others answered', async () => {
    const answer = await gateway.ask('{ slow livePower }');
    expect(answer.data).toEqual({ slow: null, livePower: 1 });
    expect(first(answer)).toEqual({ code: 'SERVICE_UNAVAILABLE', reason: 'SUBGRAPH_TIMEOUT' });
  });
});

it('refuses who has asked for a minute’s worth, says when to come back, and goes on answering others', async () => {
  const frugal = await startGateway({ KW_QUERY_COST_PER_MINUTE: '20' });
  try {
    const anna = await frugal.bearer();
    const ben = await frugal.bearer({ sub: '0197d9b0-0000-7000-8000-00000000be11' });
    const reasons = async (as: string | undefined, times: number) => {
      const seen: unknown[] = [];
      for (let i = 0; i < times; i += 1) {
        const { errors } = await frugal.ask('{ me }', as === undefined ? {} : { as });
        seen.push(errors?.[0]?.extensions['reason']);
      }
      return seen;
    };
    const ofAnna = await reasons(anna, 25);
    expect(ofAnna.slice(0, 20)).not.toContain('QUERY_BUDGET');
    expect(ofAnna.at(-1)).toBe('QUERY_BUDGET');
    const { errors } = await frugal.ask('{ me }', { as: anna });
    expect(errors![0]).toMatchObject({
      message: expect.stringMatching(/try again in \d+ s/) as string,
      extensions: { code: 'RATE_LIMITED' },
    });
    expect(await reasons(ben, 5)).not.toContain('QUERY_BUDGET');
    expect((await reasons(undefined, 25)).at(-1)).toBe('QUERY_BUDGET');
    expect(await reasons(ben, 5)).not.toContain('QUERY_BUDGET');
  } finally {
    await frugal.close();
  }
});

it('serves probes on the internal port only', async () => {
  const internal = await fetch(`http://127.0.0.1:${gateway.service.httpPort}/health/ready`);
  expect(internal.status).toBe(200);
  expect((await gateway.send({}, '/metrics')).status).toBe(404);
});
