import { waitFor } from '@kilowatch/testing';
import { GraphqlClient, GraphqlError } from '../client/graphql-client.js';
import { DEMO_ADMIN } from '../system/system-options.js';
import {
  DEMO_ACCOUNTS,
  DEMO_LOCATIONS,
  DEMO_PASSWORD,
  DEMO_SITE_LIMIT_A,
  DEMO_STATION_PASSWORD,
  DEMO_STATIONS,
  DEMO_TARIFF,
  DEMO_TOKENS,
  DEMO_TOP_UP,
} from './demo-data.js';

export interface SeededDemo {
  readonly operator: GraphqlClient;
  readonly driver: GraphqlClient;
  readonly secondDriver: GraphqlClient;
}

/** Fills a system with the demo data through the public API, as an operator would. Safe to repeat. */
export async function seedDemo(
  graphqlUrl: string,
  tariff: Record<string, unknown> = DEMO_TARIFF,
): Promise<SeededDemo> {
  const admin = await new GraphqlClient(graphqlUrl).signIn(DEMO_ADMIN.email, DEMO_ADMIN.password);
  for (const account of DEMO_ACCOUNTS) await createAccount(admin, account);
  const people = await signInDemo(graphqlUrl);
  const { operator, driver, secondDriver } = people;
  await importTokens(operator, DEMO_TOKENS);
  await applyTariff(operator, tariff);
  await importStations(
    operator,
    DEMO_STATIONS.map(({ protocol: _protocol, ...station }) => station),
    DEMO_LOCATIONS,
  );
  await limitSite(operator, 'Harbour Garage', DEMO_SITE_LIMIT_A);
  await Promise.all([topUp(operator, driver), topUp(operator, secondDriver)]);
  return people;
}

/** From now on, by the clocks of the services. */
export async function applyTariff(operator: GraphqlClient, tariff: Record<string, unknown>): Promise<void> {
  await operator.request(
    `mutation Tariff($input: ApplyTariffInput!) { applyTariff(input: $input) { changed } }`,
    { input: tariff },
  );
}

/** The people of a system that has its demo data. */
export async function signInDemo(graphqlUrl: string): Promise<SeededDemo> {
  const signIn = (email: string) => new GraphqlClient(graphqlUrl).signIn(email, DEMO_PASSWORD);
  const [operator, driver, secondDriver] = await Promise.all([
    signIn(DEMO_ACCOUNTS[0].email),
    signIn(DEMO_ACCOUNTS[1].email),
    signIn(DEMO_ACCOUNTS[2].email),
  ]);
  return { operator, driver, secondDriver };
}

async function createAccount(admin: GraphqlClient, account: (typeof DEMO_ACCOUNTS)[number]): Promise<void> {
  try {
    await admin.request(
      `mutation Account($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }`,
      { input: { ...account, password: DEMO_PASSWORD, locale: 'en' } },
    );
  } catch (error) {
    // It is there already: a second start on the same data.
    if (!(error instanceof GraphqlError && error.code === 'CONFLICT')) throw error;
  }
}

interface ImportResult {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly { readonly index: number; readonly message: string }[];
}

export async function importTokens(
  operator: GraphqlClient,
  tokens: readonly Record<string, unknown>[],
): Promise<ImportResult> {
  const { importTokens: result } = await operator.request<{ importTokens: ImportResult }>(
    `mutation Tokens($input: ImportTokensInput!) {
      importTokens(input: $input) { created updated unchanged problems { index message } }
    }`,
    { input: { tokens } },
  );
  return withoutProblems(result, 'tokens');
}

/** Stations of the demo and of tools: profile 1 with the given (or the demo's) password. */
export async function importStations(
  operator: GraphqlClient,
  stations: readonly Record<string, unknown>[],
  locations: readonly Record<string, unknown>[] = [],
): Promise<ImportResult> {
  const { importStations: result } = await operator.request<{ importStations: ImportResult }>(
    `mutation Stations($input: ImportStationsInput!) {
      importStations(input: $input) { created updated unchanged problems { index message } }
    }`,
    {
      input: {
        locations,
        stations: stations.map((station) => ({
          securityProfile: 1,
          password: DEMO_STATION_PASSWORD,
          ...station,
        })),
      },
    },
  );
  return withoutProblems(result, 'stations');
}

function withoutProblems(result: ImportResult, what: string): ImportResult {
  if (result.problems.length > 0) {
    throw new Error(
      `${what} were not all imported: ${result.problems.map((p) => `#${p.index} ${p.message}`).join('; ')}`,
    );
  }
  return result;
}

async function limitSite(operator: GraphqlClient, name: string, limitA: number): Promise<void> {
  const { locations } = await operator.request<{
    locations: { edges: { node: { id: string; name: string } }[] };
  }>(`query { locations(first: 100) { edges { node { id name } } } }`);
  const location = locations.edges.find(({ node }) => node.name === name)?.node;
  if (!location) throw new Error(`location ${name} is missing`);
  // Load management learns of a new location by an event: it may be some moments behind.
  await waitFor(`the site limit of ${name}`, () => setSiteLimit(operator, location.id, limitA), {
    timeoutMs: 30_000,
    everyMs: 100,
  });
}

async function setSiteLimit(operator: GraphqlClient, locationId: string, limitA: number): Promise<boolean> {
  await operator.request(
    `mutation Limit($input: SetSiteLimitInput!) { setSiteLimit(input: $input) { siteLimit { limitA } } }`,
    { input: { locationId, limitA } },
  );
  return true;
}

async function topUp(operator: GraphqlClient, driver: GraphqlClient): Promise<void> {
  const { me } = await driver.request<{ me: { id: string } }>(`query { me { id } }`);
  await operator.request(
    `mutation TopUp($input: TopUpWalletInput!) { topUpWallet(input: $input) { wallet { balance { amount } } } }`,
    {
      input: {
        accountId: me.id,
        ...DEMO_TOP_UP,
        reference: 'Opening balance of the demo',
        idempotencyKey: `demo-top-up-${me.id}`,
      },
    },
  );
}
