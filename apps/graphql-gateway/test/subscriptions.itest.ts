import { randomUUID } from 'node:crypto';
import { NatsLink, createLogger } from '@kilowatch/platform';
import { testInfraUrl, waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LiveFeed } from '../src/transport/subscriptions/live-feed.js';
import { SubscriptionBridge } from '../src/transport/subscriptions/subscription-bridge.js';
import { expiresIn, startGateway, type Claims, type TestGateway } from './gateway-harness.js';
import { Watcher } from './watcher.js';

// Real: the gateway, HTTP, WebSocket, NATS, tokens. Fake: the subgraphs (tiny, over HTTP).
let gateway: TestGateway;
let nats: NatsLink;
const watchers: Watcher[] = [];

beforeAll(async () => {
  gateway = await startGateway({ KW_MAX_SOCKETS_PER_ACCOUNT: '3' });
  const log = createLogger({ service: 'test', level: 'silent' });
  nats = new NatsLink({ url: testInfraUrl('KW_TEST_NATS_URL'), service: 'test', log });
  await nats.ready();
});
afterAll(async () => {
  await nats.close();
  await gateway.close();
});
afterEach(async () => {
  for (const watcher of watchers.splice(0)) watcher.end();
  await waitFor('nothing to be watched any more', () => gateway.service.get(LiveFeed).size === 0);
  expect(gateway.service.get(SubscriptionBridge).groupCount).toBe(0);
});

/** Signed in as somebody of their own, unless named. */
async function connect(person: Claims = {}): Promise<Watcher> {
  const watcher = await Watcher.connect(
    gateway.host,
    await gateway.bearer({ sub: `p-${randomUUID()}`, ...person }),
  );
  watchers.push(watcher);
  return watcher;
}

const live = (subject: string, id: string) =>
  nats.now().publish(`live.${subject}`, JSON.stringify({ id, version: 1 }));
const SESSION = 'subscription ($id: ID!) { sessionUpdated(id: $id) { id looks energyWh } }';
const fresh = () => `s-${randomUUID()}`;

describe('sessionUpdated', () => {
  it('gives the session at once and again after each live message, fields of all subgraphs included', async () => {
    const id = fresh();
    const watcher = await (await connect()).ready();
    const subscription = watcher.subscribe(SESSION, { id });
    expect(await watcher.result(subscription, 1)).toEqual({
      data: { sessionUpdated: { id, looks: 1, energyWh: 1234.5 } },
    });
    live(`session.demo.${id}`, id);
    expect((await watcher.result(subscription, 2)).data?.['sessionUpdated']).toMatchObject({ looks: 2 });
  });

  it('runs a burst of messages as one or two executions, the last included', async () => {
    const id = fresh();
    const watcher = await (await connect()).ready();
    const subscription = watcher.subscribe(SESSION, { id });
    await watcher.result(subscription, 1);
    for (let n = 0; n < 100; n++) live(`session.demo.${id}`, id);
    await nats.now().flush();
    await watcher.result(subscription, 2);
    const after = watcher.subscribe(`subscription { sessionUpdated(id: "${id}") { id } }`);
    await watcher.result(after, 1);
    expect(gateway.subgraphs.looks(id)).toBeLessThanOrEqual(4);
  });

  it('shares one execution between equal subscriptions of one person', async () => {
    const id = fresh();
    const sub = `p-${randomUUID()}`;
    const [one, two] = [await (await connect({ sub })).ready(), await (await connect({ sub })).ready()];
    const [a, b] = [one.subscribe(SESSION, { id }), two.subscribe(SESSION, { id })];
    await Promise.all([one.result(a, 1), two.result(b, 1)]);
    expect(gateway.service.get(SubscriptionBridge).groupCount).toBe(1);
    live(`session.demo.${id}`, id);
    const last = (watcher: Watcher, subscription: string) =>
      watcher.results(subscription).at(-1)?.data?.['sessionUpdated']?.['looks'];
    await one.result(a, 2);
    await waitFor('both to be at the latest', () => {
      const looks = gateway.subgraphs.looks(id);
      return last(one, a) === looks && last(two, b) === looks;
    });
    // At most one for each that joined and one for the message; two people apart would make four.
    expect(gateway.subgraphs.looks(id)).toBeLessThanOrEqual(3);
  });

  it('does not share between two people', async () => {
    const id = fresh();
    const [one, two] = [await (await connect()).ready(), await (await connect()).ready()];
    await Promise.all([
      one.result(one.subscribe(SESSION, { id }), 1),
      two.result(two.subscribe(SESSION, { id }), 1),
    ]);
    expect(gateway.service.get(SubscriptionBridge).groupCount).toBe(2);
  });

  it('runs with the token of the subscriber', async () => {
    const as = await gateway.bearer({ sub: 'token-holder' });
    const watcher = await (await Watcher.connect(gateway.host, as)).ready();
    watchers.push(watcher);
    const subscription = watcher.subscribe('subscription { sessionUpdated(id: "s-own") { by } }');
    expect((await watcher.result(subscription, 1)).data?.['sessionUpdated']).toEqual({ by: as });
  });

  it.each([
    ['does not exist', 'no-such'],
    ['cannot exist (a wildcard)', '*'],
    ['cannot exist (the rest of the subject)', '>'],
    ['cannot exist (two words)', 'a.b'],
  ])('ends with NOT_FOUND for a session that %s', async (_what, id) => {
    const watcher = await (await connect()).ready();
    const subscription = watcher.subscribe(SESSION, { id });
    await waitFor('the error', () => watcher.failure(subscription));
    expect(watcher.failure(subscription)).toMatchObject({ code: 'NOT_FOUND' });
    expect(watcher.results(subscription)).toEqual([]);
  });

  it('stops when the client completes it', async () => {
    const watcher = await (await connect()).ready();
    const id = fresh();
    const subscription = watcher.subscribe(SESSION, { id });
    await watcher.result(subscription, 1);
    watcher.complete(subscription);
    await waitFor('nothing to be watched', () => gateway.service.get(LiveFeed).size === 0);
    expect(watcher.closed).toBeUndefined();
  });
});

it('hears of an object in its own tenant only, though ids are told', async () => {
  const id = fresh();
  const watcher = await (await connect({ tenant: 'one' })).ready();
  const subscription = watcher.subscribe(SESSION, { id });
  await watcher.result(subscription, 1);
  live(`session.two.${id}`, id);
  live(`session.one.${id}`, id);
  await watcher.result(subscription, 2);
  expect(gateway.subgraphs.looks(id)).toBe(2);
});

describe('stationUpdated', () => {
  it('follows the station under the name the client gave it', async () => {
    const id = fresh();
    const watcher = await (await connect({ role: 'operator' })).ready();
    const subscription = watcher.subscribe(
      `subscription { mine: stationUpdated(id: "${id}") { ...S } } fragment S on Station { looks }`,
    );
    expect(await watcher.result(subscription, 1)).toEqual({ data: { mine: { looks: 1 } } });
    live(`station.demo.${id}`, id);
    expect((await watcher.result(subscription, 2)).data).toEqual({ mine: { looks: 2 } });
  });
});

describe('alertRaised', () => {
  const ALERTS = 'subscription { alertRaised { id title } }';
  const watching = (n: number) => waitFor('the subjects', () => gateway.service.get(LiveFeed).size === n);
  const titles = (watcher: Watcher, id: string) =>
    watcher.results(id).map(({ data }) => data?.['alertRaised']?.['title']);

  it('gives a driver each alert of their own, none of the operators', async () => {
    const sub = `p-${randomUUID()}`;
    const watcher = await (await connect({ sub })).ready();
    const subscription = watcher.subscribe(ALERTS);
    await watching(1);
    // A first execution of another subscription shows that the alerts' subject is open too.
    await watcher.result(watcher.subscribe(SESSION, { id: fresh() }), 1);
    live('alert.demo.operators', 'for-operators');
    for (const id of ['a1', 'a2', 'a3']) live(`alert.demo.${sub}`, id);
    await watcher.result(subscription, 3);
    expect(titles(watcher, subscription)).toEqual(['Alert a1', 'Alert a2', 'Alert a3']);
  });

  it('never gives those of another tenant', async () => {
    const sub = `p-${randomUUID()}`;
    const watcher = await (await connect({ sub, tenant: 'one' })).ready();
    const subscription = watcher.subscribe(ALERTS);
    await watching(1);
    await watcher.result(watcher.subscribe(SESSION, { id: fresh() }), 1);
    live(`alert.two.${sub}`, 'foreign');
    live(`alert.one.${sub}`, 'own');
    await watcher.result(subscription, 1);
    expect(titles(watcher, subscription)).toEqual(['Alert own']);
  });

  it.each([
    ['an operator', { role: 'operator' }],
    ['support', { role: 'support' }],
    ['a machine with the scope', { role: 'client', scope: 'alerts:read' }],
  ])(
    'gives %s those of the operators too, and goes on after one that is not theirs',
    async (_who, claims) => {
      const watcher = await (await connect(claims)).ready();
      const subscription = watcher.subscribe(ALERTS);
      await watching(2);
      await watcher.result(watcher.subscribe(SESSION, { id: fresh() }), 1);
      live('alert.demo.operators', 'not-yours');
      live('alert.demo.operators', 'o1');
      await watcher.result(subscription, 1);
      expect(titles(watcher, subscription)).toEqual(['Alert o1']);
      expect(watcher.failure(subscription)).toBeUndefined();
    },
  );
});

it.each([
  ['a partner', { role: 'partner', party: 'DE*ABC' }],
  ['a machine without the scope', { role: 'client', scope: 'stations:read' }],
])('%s is not let in to alerts', async (_who, claims) => {
  const watcher = await (await connect(claims)).ready();
  const subscription = watcher.subscribe('subscription { alertRaised { id } }');
  await waitFor('the refusal', () => watcher.failure(subscription));
  expect(watcher.failure(subscription)).toEqual({ code: 'FORBIDDEN', reason: 'AUTH_ROLE' });
  expect(gateway.service.get(LiveFeed).size).toBe(0);
});

describe('the socket', () => {
  const closing = (watcher: Watcher) => waitFor('the socket to close', () => watcher.closed);

  it.each([
    ['no token', async () => undefined],
    ['nonsense', async () => 'Bearer nonsense'],
    ['an expired token', () => gateway.bearer(expiresIn(-60))],
  ])('is refused with %s', async (_what, token) => {
    const watcher = await Watcher.connect(gateway.host, await token());
    expect((await closing(watcher)).code).toBe(4403);
    expect(watcher.heard).toEqual([]);
  });

  it('closes when its token expires', async () => {
    const watcher = await (await connect(expiresIn(2))).ready();
    await watcher.result(watcher.subscribe(SESSION, { id: fresh() }), 1);
    expect(await closing(watcher)).toEqual({ code: 4403, reason: 'The access token has expired' });
  });

  it('exists a few times per account only, and again when others are gone', async () => {
    const sub = `p-${randomUUID()}`;
    const open = [];
    for (let n = 0; n < 3; n++) open.push(await (await connect({ sub })).ready());
    expect((await closing(await connect({ sub }))).code).toBe(4429);
    open[0]?.end();
    await waitFor('room for one more', async () => {
      const watcher = await connect({ sub });
      await waitFor('an answer', () => watcher.closed ?? watcher.heard.length > 0);
      return watcher.closed === undefined;
    });
  });

  it('carries 50 subscriptions, not 51', async () => {
    const watcher = await (await connect()).ready();
    for (let n = 0; n < 50; n++) await watcher.result(watcher.subscribe(SESSION, { id: `s-${n % 5}` }), 1);
    const last = watcher.subscribe(SESSION, { id: fresh() });
    await waitFor('the refusal', () => watcher.failure(last));
    expect(watcher.failure(last)).toEqual({ code: 'RATE_LIMITED', reason: 'TOO_MANY_SUBSCRIPTIONS' });
  });

  it.each([
    ['a query', '{ session(id: "s1") { id } }', { reason: 'SUBSCRIPTIONS_ONLY' }],
    ['what the schema does not know', 'subscription { nope }', { code: 'GRAPHQL_VALIDATION_FAILED' }],
    ['what is no GraphQL', 'subscription {', { code: 'GRAPHQL_PARSE_FAILED' }],
    ['a missing variable', SESSION, { code: 'BAD_USER_INPUT' }],
    [
      'two fields',
      'subscription { a: sessionUpdated(id: 1) { id } b: sessionUpdated(id: 2) { id } }',
      { code: 'GRAPHQL_VALIDATION_FAILED' },
    ],
    [
      'what is too big',
      `subscription { sessionUpdated(id: 1) ${'{ sessions '.repeat(8)} { id } ${'}'.repeat(8)} }`,
      { code: 'BAD_USER_INPUT', reason: 'QUERY_TOO_DEEP' },
    ],
  ])('refuses %s and lives on', async (_what, query, extensions) => {
    const watcher = await (await connect()).ready();
    const subscription = watcher.subscribe(query);
    await waitFor('the refusal', () => watcher.failure(subscription));
    expect(watcher.failure(subscription)).toMatchObject(extensions);
    await watcher.result(watcher.subscribe(SESSION, { id: fresh() }), 1);
  });

  it('is for /graphql only', async () => {
    const watcher = await Watcher.connect(gateway.host, undefined, '/other');
    expect((await closing(watcher)).code).toBe(1006);
  });

  it('closes on a message that is too large', async () => {
    const watcher = await (await connect()).ready();
    watcher.subscribe(`# ${'x'.repeat(70_000)}`);
    expect((await closing(watcher)).code).toBe(1009);
  });
});
