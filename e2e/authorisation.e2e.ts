// Real: every service as a process. Walks the whole API: each field of Query, Mutation and Subscription through the gateway and each
// entity at its subgraph, asked by eight kinds of people and machines. authorisation/matrix.txt says what each of them gets.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { GraphqlClient, GraphqlError, type GraphqlAnswer } from '@kilowatch/tools/client/graphql-client';
import { DEMO_TOKENS } from '@kilowatch/tools/seed/demo-data';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';
import { buildSchema, getNamedType, isInputObjectType, type GraphQLField } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARGUMENTS, ENTITY_IDS, SUBSCRIPTIONS, type Things } from './authorisation/arguments.js';
import { prepareThings } from './authorisation/prepare-things.js';
import { ASKERS, outcomeOf, readMatrix, rowText, type Asker, type Row } from './support/access-matrix.js';
import { everything, minimalCall } from './support/minimal-call.js';
import { RawStation } from './support/raw-station.js';
import { allSubgraphs } from './support/subgraphs.js';
import { SystemUnderTest } from './support/system-under-test.js';

const MATRIX = readMatrix(new URL('./authorisation/matrix.txt', import.meta.url));
const schema = buildSchema(
  readFileSync(join(WORKSPACE_ROOT, 'apps/graphql-gateway/supergraph.graphql'), 'utf8'),
  { assumeValid: true },
);
const fields = (['query', 'mutation'] as const).flatMap((operation) => {
  const type = schema.getRootType(operation as never)!;
  return Object.values(type.getFields()).map((field) => ({
    name: `${type.name}.${field.name}`,
    operation,
    field,
  }));
});
const subscriptions = Object.keys(schema.getSubscriptionType()!.getFields());
const subgraphs = allSubgraphs();
const entities = subgraphs.flatMap(({ service, entities: types }) =>
  types.map((type) => ({ name: `${service}:${type.name}`, service, type })),
);
const NAMES = [
  ...fields.map(({ name }) => name),
  ...subscriptions.map((field) => `Subscription.${field}`),
  ...entities.map(({ name }) => name),
];

let sut: SystemUnderTest;
let theirs: Things;
/** Of the same shape, and nobody's. */
let missing: Things;
let clients: Record<Asker, GraphqlClient>;
let tokens: Record<Asker, string | undefined>;

beforeAll(async () => {
  sut = await SystemUnderTest.start();
  theirs = await prepareThings(sut);
  missing = {
    ...(Object.fromEntries(Object.keys(theirs).map((key) => [key, randomUUID()])) as Things),
    day: theirs.day,
  };
  const { driver, secondDriver, operator } = sut.people;
  const id = async (client: GraphqlClient) =>
    (await client.request<{ me: { id: string } }>('{ me { id } }')).me.id;
  const demo = { tenant: 'demo', expiresIn: '20m' };
  const claims = {
    driver: { ...demo, accountId: await id(driver), role: 'driver' },
    other: { ...demo, accountId: await id(secondDriver), role: 'driver' },
    operator: { ...demo, accountId: await id(operator), role: 'operator' },
    foreign: { ...demo, tenant: 'other', accountId: randomUUID(), role: 'operator' },
    support: { ...demo, accountId: randomUUID(), role: 'support' },
    partner: { ...demo, accountId: randomUUID(), role: 'partner', party: 'DE*ABC' },
    machine: { ...demo, accountId: randomUUID(), role: 'client', scopes: ['stations:read'] },
  };
  const signed = await Promise.all(
    Object.entries(claims).map(async ([who, of]) => [who, await sut.accessToken(of)] as const),
  );
  tokens = { ...(Object.fromEntries(signed) as Record<Asker, string>), nobody: undefined };
  clients = Object.fromEntries(
    ASKERS.map((who) => [who, new GraphqlClient(sut.system.graphqlUrl, tokens[who])]),
  ) as Record<Asker, GraphqlClient>;
});
afterAll(async () => {
  for (const client of Object.values(clients ?? {})) await client.close();
  await sut?.stop();
});

type Answer = GraphqlAnswer<Record<string, unknown>>;
type RootField = (typeof fields)[number];

function callOf({ name, operation, field }: RootField, things: Things) {
  const own = ARGUMENTS[name]?.(things) ?? {};
  const values: Record<string, unknown> = {
    first: 20,
    ...things,
    id: things.sessionId,
    ...own,
  };
  const extra = (field as GraphQLField<unknown, unknown>).args.map((arg) => arg.name).filter((arg) => own[arg] !== undefined); // prettier-ignore
  return minimalCall(operation, field, (input) => values[input], extra);
}

async function askField(field: RootField, who: Asker, things = theirs): Promise<Answer> {
  const { query, variables } = callOf(field, things);
  const answer = await clients[who].answer<Record<string, unknown>>(query, variables);
  expect(leaks(answer, variables, who), `${field.name} tells ${who} what is not theirs to know`).toEqual([]);
  return answer;
}

async function askEntity(
  { service, type }: (typeof entities)[number],
  who: Asker,
  as?: string,
): Promise<Answer> {
  const thing = ENTITY_IDS[type.name];
  // What a client would like us to believe: only the key counts.
  const forged = { tenant: 'other', accountId: 'forged', identity: 'forged' };
  const representation = { __typename: type.name, id: thing ? theirs[thing] : randomUUID(), ...forged };
  const response = await fetch(`http://127.0.0.1:${sut.system.addresses.http[service]}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-kilowatch-service': as ?? (await sut.serviceToken('graphql-gateway')),
      ...(tokens[who] ? { authorization: `Bearer ${tokens[who]}` } : {}),
    },
    body: JSON.stringify({
      query: `query($of: [_Any!]!) { _entities(representations: $of) { ... on ${type.name} ${everything(type)} } }`,
      variables: { of: [representation] },
    }),
  });
  const { data, errors } = (await response.json()) as Answer;
  // One entity: what went wrong with it has the path _entities.0.
  const paths = errors?.map((error) => ({ ...error, path: error.path?.slice(1) ?? [] }));
  const answer = { data: data ?? null, ...(paths ? { errors: paths } : {}) };
  expect(leaks(answer, representation, who), `${service} tells ${who} what is not theirs to know`).toEqual(
    [],
  );
  return answer;
}

async function watch(field: string, who: Asker): Promise<string> {
  const { document, variables, about } = SUBSCRIPTIONS[field]!;
  return new Promise((resolve) => {
    // Alerts come when there are some; a refusal would have come by now.
    const quiet = about === 'person' && who !== 'nobody' ? setTimeout(() => done('quiet'), 2_000) : undefined;
    const done = (outcome: string) => {
      clearTimeout(quiet);
      stop();
      resolve(outcome);
    };
    const stop = clients[who].subscribe<Record<string, unknown>>(
      document,
      variables(theirs),
      (data) => setTimeout(done, 0, data[field] === null ? 'null' : 'ok'),
      (failure) => setTimeout(done, 0, outcomeOfFailure(failure)),
    );
  });
}

function outcomeOfFailure(failure: Error | undefined): string {
  // The socket itself is for who is signed in: it closes with 4403.
  if (!(failure instanceof GraphqlError)) return 'login';
  return outcomeOf({ data: null, errors: failure.failures.map(({ path: _, ...rest }) => rest) });
}

const PERSONAL = ['accountId', 'tokenId', 'invoiceId', 'alertId', 'sessionId'] as const;
const TENANTS = [...PERSONAL, 'locationId', 'stationId', 'connectorId', 'partnerId'] as const;
const NAMES_OF_PEOPLE = ['"driver@kilowatch.local"', 'Dora Driver'];

/** What of theirs stands in an answer that this asker must never have, apart from what the question itself named. */
function leaks(answer: unknown, asked: unknown, who: Asker): string[] {
  if (who === 'driver' || who === 'operator')
    return [DEMO_TOKENS[0].value].filter((secret) => JSON.stringify(answer).includes(secret));
  const [said, named] = [JSON.stringify(answer), JSON.stringify(asked)];
  const foreign = who === 'foreign' || who === 'nobody';
  const secrets = [
    ...(who === 'support' ? [] : (foreign ? TENANTS : PERSONAL).map((name) => theirs[name])),
    ...[DEMO_TOKENS[0].value, ...NAMES_OF_PEOPLE],
    ...(foreign ? ['KW-HARBOUR-3', 'Harbour Garage'] : []),
  ];
  return secrets.filter((secret) => said.includes(secret) && !named.includes(secret));
}

/** Who can change most comes last: the others find things as they were. */
async function rowOf(ask: (who: Asker) => Promise<string>): Promise<Row> {
  const last: Asker[] = ['driver', 'operator'];
  const found: Partial<Record<Asker, string>> = {};
  const fill = async (who: Asker) => void (found[who] = await ask(who));
  await Promise.all(ASKERS.filter((who) => !last.includes(who)).map(fill));
  for (const who of last) await fill(who);
  return found as Row;
}

function observe(name: string): Promise<Row> {
  const field = fields.find((one) => one.name === name);
  if (field) return rowOf(async (who) => outcomeOf(await askField(field, who)));
  const entity = entities.find((one) => one.name === name);
  if (entity) return rowOf(async (who) => outcomeOf(await askEntity(entity, who)));
  return rowOf((who) => watch(name.replace('Subscription.', ''), who));
}

describe('matrix.txt', () => {
  it('has a row for every field and entity that there is, and for no other', async () => {
    const unknown = NAMES.filter((name) => !MATRIX.has(name));
    const lines: string[] = [];
    for (const name of unknown) {
      const subscription = name.replace('Subscription.', '');
      const isNew = name.startsWith('Subscription.') && !SUBSCRIPTIONS[subscription];
      lines.push(
        isNew ? `${name}: first add its document to arguments.ts` : rowText(name, await observe(name)),
      );
    }
    const advice = `\nAdd to e2e/authorisation/matrix.txt, after judging what each asker got (bad or odd outcomes: give the field
arguments in e2e/authorisation/arguments.ts):\n\n${lines.join('\n')}\n`;
    expect(unknown, advice).toEqual([]);
    expect(
      [...MATRIX.keys()].filter((name) => !NAMES.includes(name)),
      'rows of what is gone',
    ).toEqual([]);
  });

  it('lets nobody change anything who only reads, but oneself', () => {
    const changed = [...MATRIX].filter(([name, row]) => {
      if (!name.startsWith('Mutation.') || row.nobody !== 'login') return false;
      return [row.partner, row.machine].some((outcome) => outcome !== 'no');
    });
    expect(changed.map(([name]) => name).filter((name) => !OF_ONESELF.includes(name))).toEqual([]);
    const bySupport = [...MATRIX].filter(([name, row]) => name.startsWith('Mutation.') && row.nobody === 'login' && row.support !== 'no'); // prettier-ignore
    expect(bySupport.map(([name]) => name).filter((name) => !OF_ONESELF.includes(name))).toEqual([]);
  });
});

/** Changes of the own account and inbox, which everybody with an account may make. */
const OF_ONESELF: readonly string[] = [
  'Mutation.changePassword',
  'Mutation.confirmTotp',
  'Mutation.disableTotp',
  'Mutation.endOtherSignInSessions',
  'Mutation.endSignInSession',
  'Mutation.finishPasskey',
  'Mutation.markAlertRead',
  'Mutation.removePasskey',
  'Mutation.renamePasskey',
  'Mutation.renewRecoveryCodes',
  'Mutation.setAlertPreference',
  'Mutation.startPasskey',
  'Mutation.startTotp',
];

describe.each([
  ['every field', fields.map(({ name }) => name)],
  ['every subscription', subscriptions.map((field) => `Subscription.${field}`)],
  ['every entity, asked for at its subgraph', entities.map(({ name }) => name)],
])('%s', (_what, names) => {
  it.each(names.filter((name) => MATRIX.has(name)))('%s', async (name) => {
    expect(rowText(name, await observe(name))).toBe(rowText(name, MATRIX.get(name)!));
  });
});

describe('another tenant’s thing and one that does not exist', () => {
  const hidden = fields.filter(({ name }) => MATRIX.get(name)?.foreign === 'none' || MATRIX.get(name)?.other === 'none'); // prettier-ignore

  it.each(hidden.map((field) => [field.name, field] as const))(
    'get the same answer: %s',
    async (name, field) => {
      for (const who of (['foreign', 'other'] as const).filter((one) => MATRIX.get(name)?.[one] === 'none'))
        expect(await askField(field, who)).toEqual(await askField(field, who, missing));
    },
  );
});

describe('a guess', () => {
  const open = fields.filter(
    ({ name, operation, field }) =>
      operation === 'mutation' &&
      MATRIX.has(name) &&
      (MATRIX.get(name)!.nobody !== 'login' || triesSecret(field)),
  );

  it.each(open.map((field) => [field.name, field] as const))('is one a request: %s', async (_name, field) => {
    const { query, variables } = callOf(field, missing);
    const twice = query.replace(/\{ (\w+.*) \}$/s, '{ a: $1 b: $1 }');
    for (const who of ['driver', 'nobody'] as const) {
      const { errors } = await clients[who].answer(twice, variables);
      expect(errors?.[0]?.extensions, 'add it to CREDENTIAL_FIELDS of the gateway').toMatchObject({
        reason: 'QUERY_TOO_MANY_SIGN_INS',
      });
    }
  });
});

/** Whether its input takes something that can be guessed. */
function triesSecret(field: RootField['field']): boolean {
  const input = field.args.map(({ type }) => getNamedType(type)).find(isInputObjectType);
  const names = Object.keys(input?.getFields() ?? {});
  return names.some((name) => /^(oldPassword|code|recoveryCode|challenge|link|refreshToken)$/.test(name));
}

describe('a subgraph', () => {
  it.each(subgraphs.map(({ service }) => service))('%s answers nobody but the gateway', async (service) => {
    const url = `http://127.0.0.1:${sut.system.addresses.http[service]}/graphql`;
    const forged = await sut.accessToken({ accountId: randomUUID(), tenant: 'demo', role: 'admin' });
    for (const query of ['{ _service { sdl } }', '{ __typename }']) {
      for (const as of [undefined, 'nonsense', forged]) {
        const headers = {
          'content-type': 'application/json',
          'x-role': 'admin',
          'x-user': theirs.accountId,
          'x-tenant': 'demo',
        };
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            ...headers,
            authorization: `Bearer ${tokens.operator}`,
            ...(as ? { 'x-kilowatch-service': as } : {}),
          },
          body: JSON.stringify({ query }),
        });
        expect([response.status, ((await response.json()) as Answer).data]).toEqual([401, undefined]);
      }
    }
  });

  it.each(entities.map((entity) => [entity.name, entity] as const))(
    'gives %s to nobody else',
    async (_name, entity) => {
      for (const as of ['', 'nonsense', tokens.operator!]) {
        const { data, errors } = await askEntity(entity, 'operator', as);
        expect([data, errors?.[0]?.extensions?.code]).toEqual([null, 'UNAUTHENTICATED']);
      }
    },
  );
});

it('pushes nothing of theirs to strangers', async () => {
  const told: string[] = [];
  const strangers = ['other', 'foreign', 'partner', 'machine'] as const;
  const listeners = strangers.flatMap((who) =>
    Object.entries(SUBSCRIPTIONS).map(([field, { document, variables }]) =>
      clients[who].subscribe<Record<string, unknown>>(document, variables(theirs), (data) => {
        // Stations of published places are everybody's of the tenant; nothing is drawn where a stranger has nothing.
        const isNothing = JSON.stringify(data[field]) === '{"powerW":0,"activeSessions":0}';
        if (data[field] !== null && !isNothing && (field !== 'stationUpdated' || who === 'foreign'))
          told.push(`${field} to ${who}`);
      }),
    ),
  );
  const own: unknown[] = [];
  listeners.push(
    clients.driver.subscribe(SUBSCRIPTIONS['alertRaised']!.document, {}, (data) => own.push(data)),
  );
  const station = await RawStation.connect(sut.system.ocppUrl, 'KW-HARBOUR-3');
  // Until the driver's own subscription stands, a new session each time.
  await waitFor(
    'the driver to hear of a session of their own',
    async () => {
      const transaction = await station.start(DEMO_TOKENS[0].value, new Date());
      await station.stop(transaction, 10, new Date());
      return own.length > 0;
    },
    { timeoutMs: 20_000, everyMs: 500 },
  );
  await station.close();
  for (const stop of listeners) stop();
  expect(told).toEqual([]);
});
