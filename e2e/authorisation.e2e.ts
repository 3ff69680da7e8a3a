// Real: every service as a process. Walks the whole API as a stranger: each field of Query, Mutation and Subscription has a row
// that says what nobody, another driver of the tenant and an operator of another tenant get. A field without a row fails.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { DEMO_TARIFF, DEMO_TOKENS } from '@kilowatch/tools/seed/demo-data';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minimalCall } from './support/minimal-call.js';
import { RawStation } from './support/raw-station.js';
import { SystemUnderTest } from './support/system-under-test.js';

/**
 * A code of the error table, or what an answer without errors must be: `clean` = nothing of the first driver (for the foreign
 * operator: of the tenant) in it; `shared` = what every driver of the tenant may see, with nothing personal in it.
 */
type Expected = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_USER_INPUT' | 'clean' | 'shared';

interface Row {
  readonly nobody?: Expected;
  readonly driver: Expected;
  readonly foreign: Expected;
  /** Inputs by name; `id` and the like name things of the first driver. */
  readonly values?: () => Record<string, unknown>;
}

const OPERATORS_ONLY: Row = { driver: 'FORBIDDEN', foreign: 'clean' };
const OPERATORS_ONE: Row = { driver: 'FORBIDDEN', foreign: 'NOT_FOUND' };
/** Ids of things that do not exist. */
const OF_NOBODY: Row = {
  ...OPERATORS_ONE,
  values: () => ({ frameId: theirs.sessionId, messageId: theirs.sessionId }),
};
const OWN: Row = { driver: 'clean', foreign: 'clean' };
const ADMINS: Row = { driver: 'FORBIDDEN', foreign: 'FORBIDDEN' };

const ROWS: Readonly<Record<string, Row>> = {
  'Query.me': { driver: 'clean', foreign: 'NOT_FOUND' },
  'Query.accounts': OPERATORS_ONLY,
  'Query.tokens': OWN,
  'Query.authorizationDecisions': OPERATORS_ONLY,
  'Query.localLists': OPERATORS_ONLY,
  'Query.localListPolicies': OPERATORS_ONLY,
  'Query.tokenBlockProgress': OPERATORS_ONE,
  'Query.tariffs': { driver: 'shared', foreign: 'clean' },
  'Query.tariff': { driver: 'shared', foreign: 'NOT_FOUND', values: () => ({ id: theirs.tariffId }) },
  'Query.invoices': OWN,
  'Query.invoice': { driver: 'NOT_FOUND', foreign: 'NOT_FOUND', values: () => ({ id: theirs.invoiceId }) },
  'Query.wallet': {
    driver: 'NOT_FOUND',
    foreign: 'clean',
    values: () => ({ accountId: theirs.accountId }),
  },
  'Query.journal': OPERATORS_ONLY,
  'Query.vatNumberChecks': OPERATORS_ONLY,
  'Query.ratings': OPERATORS_ONLY,
  'Query.anomalies': OPERATORS_ONLY,
  'Query.stationReport': {
    ...OPERATORS_ONLY,
    values: () => ({ from: theirs.day, to: theirs.day }),
  },
  'Query.siteLimits': OPERATORS_ONLY,
  'Query.livePower': OPERATORS_ONLY,
  'Query.alerts': OWN,
  'Query.alert': { driver: 'NOT_FOUND', foreign: 'NOT_FOUND', values: () => ({ id: theirs.alertId }) },
  'Query.alertPreferences': OWN,
  'Query.ocpiPartners': OPERATORS_ONLY,
  'Query.location': { driver: 'shared', foreign: 'NOT_FOUND', values: () => ({ id: theirs.locationId }) },
  'Query.locations': { driver: 'shared', foreign: 'clean' },
  'Query.station': { driver: 'shared', foreign: 'NOT_FOUND', values: () => ({ id: theirs.stationId }) },
  'Query.stations': { driver: 'shared', foreign: 'clean' },
  'Query.session': { driver: 'NOT_FOUND', foreign: 'NOT_FOUND', values: () => ({ id: theirs.sessionId }) },
  'Query.sessions': OWN,
  'Query.orphanedTransactionMessages': OPERATORS_ONLY,
  'Query.stuckConnectors': OPERATORS_ONLY,
  'Query.stationLog': { ...OPERATORS_ONE, values: () => ({ id: theirs.logId }) },
  'Query.reservations': OPERATORS_ONLY,
  'Query.myReservations': OWN,
  'Query.bulkCommand': { ...OPERATORS_ONE, values: () => ({ id: theirs.sessionId }) },
  'Query.bulkCommands': OPERATORS_ONLY,
  'Query.connectionAttempts': OPERATORS_ONLY,
  'Query.quarantinedFrames': OPERATORS_ONLY,

  'Mutation.signIn': { nobody: 'clean', driver: 'clean', foreign: 'clean' },
  'Mutation.refreshSession': { nobody: 'clean', driver: 'clean', foreign: 'clean' },
  'Mutation.signOut': { nobody: 'clean', driver: 'clean', foreign: 'clean' },
  'Mutation.createAccount': ADMINS,
  'Mutation.setAccountActive': { ...ADMINS, values: () => ({ accountId: theirs.accountId }) },
  'Mutation.importTokens': OPERATORS_ONLY,
  'Mutation.setTokenStatus': OPERATORS_ONE,
  'Mutation.setLocalListPolicy': OPERATORS_ONLY,
  'Mutation.setTokensOffline': {
    ...OPERATORS_ONE,
    values: () => ({ tokenIds: [theirs.tokenId], offline: true }),
  },
  'Mutation.syncLocalList': OPERATORS_ONE,
  'Mutation.applyTariff': {
    driver: 'FORBIDDEN',
    foreign: 'clean',
    values: () => ({ id: 'their-own', currency: 'EUR', definition: DEMO_TARIFF.definition }),
  },
  'Mutation.createQuote': { driver: 'shared', foreign: 'NOT_FOUND' },
  'Mutation.topUpWallet': {
    driver: 'FORBIDDEN',
    foreign: 'clean',
    values: () => ({ accountId: theirs.accountId, currency: 'EUR' }),
  },
  'Mutation.recordTransfer': OPERATORS_ONE,
  'Mutation.rateSession': { driver: 'NOT_FOUND', foreign: 'NOT_FOUND' },
  'Mutation.setSiteLimit': OPERATORS_ONE,
  'Mutation.markAlertRead': { driver: 'NOT_FOUND', foreign: 'NOT_FOUND' },
  'Mutation.setAlertPreference': OWN,
  'Mutation.inviteOcpiPartner': OPERATORS_ONLY,
  'Mutation.registerWithOcpiPartner': {
    driver: 'FORBIDDEN',
    foreign: 'BAD_USER_INPUT',
    values: () => ({ versionsUrl: 'no-url' }),
  },
  'Mutation.rotateOcpiCredentials': OPERATORS_ONE,
  'Mutation.removeOcpiPartner': OPERATORS_ONE,
  'Mutation.importStations': OPERATORS_ONLY,
  'Mutation.startSession': { driver: 'shared', foreign: 'NOT_FOUND' },
  'Mutation.stopSession': { driver: 'NOT_FOUND', foreign: 'NOT_FOUND' },
  'Mutation.sendCommand': { ...OPERATORS_ONE, values: () => ({ action: 'Reset' }) },
  'Mutation.resetStation': { ...OPERATORS_ONE, values: () => ({ kind: 'SOFT' }) },
  'Mutation.triggerMessage': {
    ...OPERATORS_ONE,
    values: () => ({ requestedMessage: 'StatusNotification' }),
  },
  'Mutation.changeAvailability': OPERATORS_ONE,
  'Mutation.unlockConnector': OPERATORS_ONE,
  'Mutation.reserveConnector': {
    driver: 'shared',
    foreign: 'NOT_FOUND',
    values: () => ({ expiresAt: new Date(Date.now() + 600_000).toISOString() }),
  },
  'Mutation.cancelReservation': {
    driver: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    values: () => ({ reservationId: theirs.sessionId }),
  },
  'Mutation.updateFirmware': {
    ...OPERATORS_ONE,
    values: () => ({ location: 'https://firmware.example/v2.bin' }),
  },
  'Mutation.requestLog': { ...OPERATORS_ONE, values: () => ({ kind: 'DIAGNOSTICS' }) },
  'Mutation.setDisplayMessage': { ...OPERATORS_ONE, values: () => ({ content: 'Hello' }) },
  'Mutation.clearDisplayMessage': OPERATORS_ONE,
  'Mutation.refreshDisplayMessages': OPERATORS_ONE,
  'Mutation.requestCustomerInformation': {
    ...OPERATORS_ONE,
    values: () => ({ customerIdentifier: 'C-1', report: true, clear: false }),
  },
  'Mutation.setStationSettings': OPERATORS_ONE,
  'Mutation.refreshStationSettings': OPERATORS_ONE,
  'Mutation.setStationRegistration': OPERATORS_ONE,
  'Mutation.setStationOptions': OPERATORS_ONE,
  'Mutation.setVariableMonitoring': OPERATORS_ONE,
  'Mutation.setDynamicSchedule': OPERATORS_ONE,
  'Mutation.updateDynamicSchedule': OPERATORS_ONE,
  'Mutation.clearVariableMonitoring': OPERATORS_ONE,
  'Mutation.setMonitoringBase': OPERATORS_ONE,
  'Mutation.setMonitoringLevel': OPERATORS_ONE,
  'Mutation.refreshStationMonitors': OPERATORS_ONE,
  'Mutation.startBulkCommand': {
    driver: 'FORBIDDEN',
    foreign: 'BAD_USER_INPUT',
    values: () => ({ action: 'Reset', filter: { stationIds: [theirs.stationId] } }),
  },
  'Mutation.cancelBulkCommand': { ...OPERATORS_ONE, values: () => ({ bulkCommandId: theirs.sessionId }) },
  'Mutation.attachOrphanedMessage': OF_NOBODY,
  'Mutation.dismissOrphanedMessage': {
    ...OF_NOBODY,
    values: () => ({ messageId: theirs.sessionId, reason: 'x' }),
  },
  'Mutation.replayQuarantinedFrame': OF_NOBODY,
  'Mutation.dismissQuarantinedFrame': OF_NOBODY,
};

interface Subscribed {
  readonly document: string;
  readonly variables: () => Record<string, unknown>;
  readonly sharedWith?: 'driver';
}

const SUBSCRIPTIONS: Readonly<Record<string, Subscribed>> = {
  bulkCommandUpdated: {
    document: 'subscription($id: ID!) { bulkCommandUpdated(id: $id) { id } }',
    variables: () => ({ id: theirs.sessionId }),
  },
  alertRaised: { document: 'subscription { alertRaised { id } }', variables: () => ({}) },
  sessionUpdated: {
    document: 'subscription($id: ID!) { sessionUpdated(id: $id) { id } }',
    variables: () => ({ id: theirs.sessionId }),
  },
  // Stations of published places are everybody's of the tenant.
  stationUpdated: {
    document: 'subscription($id: ID!) { stationUpdated(id: $id) { id } }',
    variables: () => ({ id: theirs.stationId }),
    sharedWith: 'driver',
  },
};

const schema = buildSchema(
  readFileSync(join(WORKSPACE_ROOT, 'apps/graphql-gateway/supergraph.graphql'), 'utf8'),
  {
    assumeValid: true,
  },
);
const roots = [
  { name: 'Query', operation: 'query', type: schema.getQueryType()! },
  { name: 'Mutation', operation: 'mutation', type: schema.getMutationType()! },
] as const;

let sut: SystemUnderTest;
/** What belongs to the first driver, or to the tenant. */
let theirs: Record<
  | 'accountId'
  | 'tokenId'
  | 'tariffId'
  | 'invoiceId'
  | 'alertId'
  | 'locationId'
  | 'stationId'
  | 'connectorId'
  | 'sessionId'
  | 'logId'
  | 'partnerId'
  | 'day',
  string
>;
let strangers: Record<'nobody' | 'driver' | 'foreign', GraphqlClient>;

beforeAll(async () => {
  sut = await SystemUnderTest.start();
  const { driver, operator, secondDriver } = sut.people;
  const begun = new Date(Date.now() - 3_600_000);
  const station = await RawStation.connect(sut.system.ocppUrl, 'KW-HARBOUR-3');
  const transaction = await station.start(DEMO_TOKENS[0].value, begun);
  await station.stop(transaction, 7_000, new Date(begun.getTime() + 1_800_000));
  await station.close();
  const node = 'edges { node { id } }';
  const own = await waitFor('the invoice and the alerts of the session', async () => {
    const found = await driver.request<Record<string, { edges: { node: { id: string } }[] }>>(
      `{ sessions(first: 1) { ${node} } invoices(first: 1) { ${node} } alerts(first: 1) { ${node} } tokens(first: 1) { ${node} } }`,
    );
    return Object.values(found).every(({ edges }) => edges.length > 0) ? found : undefined;
  });
  const first = (name: string) => own[name]!.edges[0]!.node.id;
  const { session, me, tariffs } = await driver.request<{
    me: { id: string };
    tariffs: { edges: { node: { id: string } }[] };
    session: { station: { id: string }; location: { id: string }; connector: { id: string } };
  }>(
    `query($id: ID!) { me { id } tariffs(first: 1) { ${node} }
      session(id: $id) { station { id } location { id } connector { id } } }`,
    { id: first('sessions') },
  );
  const { inviteOcpiPartner: invited } = await operator.request<{
    inviteOcpiPartner: { partner: { id: string } };
  }>('mutation { inviteOcpiPartner(input: { name: "Roamer" }) { partner { id } } }');
  await driver.request(
    'mutation($id: ID!) { rateSession(input: { sessionId: $id, score: 4 }) { rating { id } } }',
    { id: first('sessions') },
  );
  // The station is away by now: the request is on record all the same.
  const { requestLog: asked } = await operator.request<{ requestLog: { log: { id: string } } }>(
    'mutation($id: ID!) { requestLog(input: { stationId: $id, kind: DIAGNOSTICS }) { log { id } } }',
    { id: session.station.id },
  );
  theirs = {
    accountId: me.id,
    tokenId: first('tokens'),
    tariffId: tariffs.edges[0]!.node.id,
    invoiceId: first('invoices'),
    alertId: first('alerts'),
    locationId: session.location.id,
    stationId: session.station.id,
    connectorId: session.connector.id,
    sessionId: first('sessions'),
    logId: asked.log.id,
    partnerId: invited.partner.id,
    day: begun.toISOString().slice(0, 10),
  };
  strangers = {
    nobody: new GraphqlClient(sut.system.graphqlUrl),
    driver: secondDriver,
    foreign: await sut.clientAs({
      accountId: '019aa000-0000-7000-8000-000000000001',
      tenant: 'other',
      role: 'operator',
    }),
  };
});
afterAll(async () => {
  await sut?.stop();
});

const PERSONAL = ['accountId', 'tokenId', 'invoiceId', 'alertId', 'sessionId'] as const;
const TENANTS = [...PERSONAL, 'locationId', 'stationId', 'connectorId', 'partnerId'] as const;

/** What of theirs stands in an answer, apart from what the question itself named. */
function leaks(answer: unknown, asked: unknown, who: keyof typeof strangers): string[] {
  const [said, named] = [JSON.stringify(answer), JSON.stringify(asked)];
  const secrets = [
    ...(who === 'foreign' ? TENANTS : PERSONAL).map((name) => theirs[name]),
    // In quotes: the other driver's address ends like this one.
    ...[DEMO_TOKENS[0].value, '"driver@kilowatch.local"', 'Dora Driver'],
    ...(who === 'foreign' ? ['KW-HARBOUR-3', 'Harbour Garage'] : []),
  ];
  return secrets.filter((secret) => said.includes(secret) && !named.includes(secret));
}

describe.each(roots)('every field of $name', ({ name, operation, type }) => {
  it('has a row in this file', () => {
    const fields = Object.keys(type.getFields()).map((field) => `${name}.${field}`);
    expect(fields.filter((field) => !ROWS[field])).toEqual([]);
    expect(Object.keys(ROWS).filter((row) => row.startsWith(`${name}.`) && !fields.includes(row))).toEqual(
      [],
    );
  });

  describe.each(['nobody', 'driver', 'foreign'] as const)('asked by %s', (who) => {
    it.each(Object.values(type.getFields()).map((field) => [field.name, field] as const))(
      '%s',
      async (fieldName, field) => {
        const row = ROWS[`${name}.${fieldName}`]!;
        const expected = who === 'nobody' ? (row.nobody ?? 'UNAUTHENTICATED') : row[who];
        const values: Record<string, unknown> = {
          first: 20,
          accountId: undefined,
          tokenId: theirs.tokenId,
          invoiceId: theirs.invoiceId,
          alertId: theirs.alertId,
          locationId: theirs.locationId,
          stationId: theirs.stationId,
          connectorId: theirs.connectorId,
          sessionId: theirs.sessionId,
          partnerId: theirs.partnerId,
          ...row.values?.(),
        };
        const extra = field.args.map((arg) => arg.name).filter((arg) => row.values?.()[arg] !== undefined);
        const call = minimalCall(operation, field, (input) => values[input], extra);
        const { data, errors } = await strangers[who].answer(call.query, call.variables);
        const codes = [...new Set((errors ?? []).map((error) => error.extensions?.code))];
        if (expected === 'clean' || expected === 'shared') expect(codes, JSON.stringify(errors)).toEqual([]);
        else expect(codes, JSON.stringify({ data, errors })).toEqual([expected]);
        expect(leaks({ data, errors }, call.variables, who)).toEqual([]);
      },
    );
  });
});

describe('every subscription', () => {
  it('is tried below', () => {
    expect(Object.keys(schema.getSubscriptionType()!.getFields()).sort()).toEqual(
      Object.keys(SUBSCRIPTIONS).sort(),
    );
  });

  it('pushes nothing of theirs to strangers', async () => {
    const told: string[] = [];
    const listeners = (['driver', 'foreign'] as const).flatMap((who) =>
      Object.entries(SUBSCRIPTIONS).map(([field, { document, variables, sharedWith }]) =>
        strangers[who].subscribe<Record<string, unknown>>(document, variables(), (data) => {
          if (data[field] !== null && who !== sharedWith) told.push(`${field} to ${who}`);
        }),
      ),
    );
    const own: unknown[] = [];
    const { alertRaised } = SUBSCRIPTIONS;
    listeners.push(sut.people.driver.subscribe(alertRaised!.document, {}, (data) => own.push(data)));
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
});
