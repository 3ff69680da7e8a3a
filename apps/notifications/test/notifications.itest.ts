// Real: Postgres (own role, row-level security), NATS JetStream and core, HTTP, SMTP, gRPC. The other services are played.
import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { auth, billing, events, insights, type sessions } from '@kilowatch/contracts';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { notificationsService } from '../src/notifications.module.js';
import { MailServer } from './mail-server.js';
import { PlayedBilling } from './played-billing.js';

let rig: ServiceRig;
let peer: PlayedBilling;
let mails: MailServer;
let nats: NatsConnection;

beforeAll(async () => {
  mails = await MailServer.start();
  peer = await PlayedBilling.start();
  rig = await ServiceRig.start({
    service: notificationsService,
    shape: configShape,
    env: {
      KW_AUTH_GRPC_URL: '127.0.0.1:1',
      KW_BILLING_GRPC_URL: peer.url,
      KW_SMTP_URL: mails.url,
      KW_MAIL_FROM: 'Kilowatch <alerts@kw.example>',
      KW_PORTAL_URL: 'https://kw.example/',
    },
  });
  nats = await connect({ servers: rig.natsUrl });
});
afterAll(async () => {
  await nats?.close();
  await rig?.close();
  await mails?.close();
  await peer?.close();
});

type Session = sessions.SessionSnapshot;

/** Of one day, whenever the test runs. */
const NOON = new Date('2026-07-01T12:00:00Z');

interface Person extends TestPrincipal {
  readonly email: string;
}

async function aPerson(
  role: TestPrincipal['role'],
  over: { tenant?: string; locale?: string } = {},
): Promise<Person> {
  const accountId = randomUUID();
  const person = { accountId, tenant: over.tenant ?? 'demo', role, email: `${accountId}@example.org` };
  const locale = over.locale ?? 'en';
  await rig.publish(
    events.accountChanged,
    { aggregateId: accountId, version: 1, tenant: person.tenant },
    { accountId, email: person.email, displayName: 'Dora', role, locale, active: true },
  );
  await waitFor(
    'the account',
    async () =>
      (await rig.sql('select 1 from account where account_id = $1', [accountId], person.tenant)).length > 0,
  );
  return person;
}

function aSession(driver: Person, over: Partial<sessions.SessionSnapshot> = {}): sessions.SessionSnapshot {
  const startedAt = new Date('2026-07-01T12:30:00Z');
  return aSessionSnapshot({ accountId: driver.accountId, locationName: 'Garage West', startedAt, ...over });
}

const started = (session: sessions.SessionSnapshot, version = 1, eventId?: string) =>
  rig.publish(events.sessionStarted, { aggregateId: session.sessionId, version, eventId }, { session });
const chargedThen = (state: string): sessions.StatePeriod[] => {
  const [from, to] = [new Date(Date.now() - 3_600_000), new Date()];
  return [
    { state: 'CHARGING', from, to },
    { state, from: to, to: undefined },
  ];
};
const stateChanged = (
  session: sessions.SessionSnapshot,
  version: number,
  chargingState: string,
  previousState: string,
) =>
  rig.publish(
    events.sessionChargingStateChanged,
    { aggregateId: session.sessionId, version },
    { session: { ...session, chargingState, statePeriods: chargedThen(chargingState) }, previousState },
  );
const ended = (session: sessions.SessionSnapshot, version: number, stopReason: string) =>
  rig.publish(
    events.sessionEnded,
    { aggregateId: session.sessionId, version },
    { session: { ...session, status: 'ENDED', stopReason, endedAt: new Date() } },
  );

interface Inbox {
  alerts: {
    unreadCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    edges: {
      node: {
        id: string;
        kind: string;
        title: string;
        body: string;
        readAt: string | null;
        severity: string;
        session: { id: string } | null;
        deliveries: { channel: string; state: string; attempts: number }[];
      };
    }[];
  };
}
const INBOX = `query($first: Int!, $after: String, $unreadOnly: Boolean) { alerts(first: $first, after: $after, unreadOnly: $unreadOnly) {
  unreadCount pageInfo { hasNextPage endCursor } edges { node { id kind severity title body readAt session { id } deliveries { channel state attempts } } } } }`;
async function inbox(
  person: TestPrincipal,
  vars: { first?: number; after?: string | null; unreadOnly?: boolean } = {},
) {
  const { data, errors } = await rig.graphql<Inbox>(person, INBOX, { first: 50, ...vars });
  if (!data) throw new Error(JSON.stringify(errors));
  return { ...data.alerts, nodes: data.alerts.edges.map((edge) => edge.node) };
}
const inboxOf = (person: TestPrincipal, count: number) =>
  waitFor(`${count} alerts`, async () => {
    const found = await inbox(person);
    return found.nodes.length >= count ? found : undefined;
  });

/** Everything published before is done when the operators of a tenant of its own have this anomaly. */
async function settled(): Promise<void> {
  const anomalyId = randomUUID();
  const marker = {
    anomalyId,
    kind: 'POWER_DROP',
    sessionId: '',
    stationId: randomUUID(),
    accountId: '',
    onset: new Date(),
    confidence: 1,
    evidenceJson: '{}',
    stationIdentity: '',
  };
  const sessionId = randomUUID();
  const probe = aSession({ accountId: 'probe', tenant: 'settle', role: 'driver', email: '' }, { sessionId });
  await rig.publish(events.anomalyDetected, { aggregateId: anomalyId, version: 1, tenant: 'settle' }, marker);
  await rig.publish(
    events.sessionStarted,
    { aggregateId: sessionId, version: 1, tenant: 'settle' },
    { session: probe },
  );
  await waitFor('the markers', async () => {
    const rows = await rig.sql(
      'select 1 from alert where dedupe_key = any($1)',
      [[`anomaly:${anomalyId}`, `started:${sessionId}`]],
      'settle',
    );
    return rows.length === 2;
  });
}

const setPreference = (person: TestPrincipal, input: { kind: string; channel: string; enabled: boolean }) =>
  rig.graphql<{ setAlertPreference: { preferences: unknown[] } }>(
    person,
    'mutation($input: SetAlertPreferenceInput!) { setAlertPreference(input: $input) { preferences { kind channel enabled } } }',
    { input },
  );

describe('a driver', () => {
  it('hears of a session from start to invoice, each thing once however often it is told', async () => {
    const driver = await aPerson('driver');
    const session = aSession(driver);
    const eventId = await started(session);
    await started(session, 1, eventId);
    await started(session, 1);
    await stateChanged(session, 2, 'SUSPENDED_EV', 'CHARGING');
    await stateChanged(session, 3, 'CHARGING', 'SUSPENDED_EV');
    await stateChanged(session, 4, 'SUSPENDED_EV', 'CHARGING');
    await ended(session, 5, 'EVDisconnected');
    const invoice = {
      invoiceId: randomUUID(),
      number: 'KW-2026-000001',
      accountId: driver.accountId,
      sessionId: session.sessionId,
      total: { amount: '12.30', currency: 'EUR' },
      issuedAt: new Date(),
      sessionCount: 1,
      month: '',
    };
    await rig.publish(events.invoiceIssued, { aggregateId: invoice.invoiceId, version: 1 }, invoice);
    await inboxOf(driver, 3);
    await settled();
    const { nodes, unreadCount } = await inbox(driver);
    expect(nodes.map((alert) => alert.kind).sort()).toEqual([
      'CHARGING_STARTED',
      'FULLY_CHARGED',
      'INVOICE_READY',
    ]);
    expect(unreadCount).toBe(3);
    expect(nodes.find((alert) => alert.kind === 'CHARGING_STARTED')!.body).toMatch(
      /at Garage West \(CP-1\) started on .*14:30/,
    );
    expect(nodes.find((alert) => alert.kind === 'INVOICE_READY')).toMatchObject({
      title: 'Your invoice: €12.30',
      session: { id: session.sessionId },
    });
    const raised = (await rig.published(events.alertRaised)).filter(
      (event) => event.accountId === driver.accountId,
    );
    expect(raised.map((event) => event.kind).sort()).toEqual(nodes.map((alert) => alert.kind).sort());
  });

  it('hears once that charging was interrupted, from the anomaly or the stop reason', async () => {
    const driver = await aPerson('driver');
    const session = aSession(driver);
    await started(session);
    const anomalyId = randomUUID();
    await rig.publish(
      events.anomalyDetected,
      { aggregateId: anomalyId, version: 1 },
      {
        anomalyId,
        kind: 'INTERRUPTION',
        sessionId: session.sessionId,
        stationId: session.stationId,
        accountId: driver.accountId,
        onset: new Date(),
        confidence: 0.9,
        evidenceJson: '{}',
        stationIdentity: 'CP-1',
      },
    );
    await ended(session, 2, 'PowerLoss');
    await inboxOf(driver, 2);
    await settled();
    expect((await inbox(driver)).nodes.map((alert) => alert.kind).sort()).toEqual([
      'CHARGING_INTERRUPTED',
      'CHARGING_STARTED',
    ]);
  });

  it('does not hear of a start whose end is already known', async () => {
    const driver = await aPerson('driver');
    const session = aSession(driver);
    await ended(session, 2, 'PowerLoss');
    await started(session);
    await settled();
    expect((await inbox(driver)).nodes.map((alert) => alert.kind)).toEqual(['CHARGING_INTERRUPTED']);
  });

  it('hears nothing of a plug that was pulled while power flowed, and neither do operators', async () => {
    const tenant = randomUUID();
    const driver = await aPerson('driver', { tenant });
    const olga = await aPerson('operator', { tenant });
    const anomaly = async (confidence: number) => {
      const anomalyId = randomUUID();
      await rig.publish(
        events.anomalyDetected,
        { aggregateId: anomalyId, version: 1, tenant },
        insights.AnomalyDetected.fromPartial({
          ...{ anomalyId, kind: 'INTERRUPTION', sessionId: randomUUID(), stationId: randomUUID() },
          ...{ accountId: driver.accountId, onset: new Date(), confidence, evidenceJson: '{}' },
        }),
      );
    };
    await anomaly(0.5);
    await anomaly(0.95);
    await inboxOf(driver, 1);
    await settled();
    expect((await inbox(driver)).nodes.map(({ kind }) => kind)).toEqual(['CHARGING_INTERRUPTED']);
    expect((await inbox(olga)).nodes.map(({ kind }) => kind)).toEqual(['ANOMALY']);
  });

  it('hears of the start when the card was shown after the plug, and so does who pays instead', async () => {
    const [first, second] = [await aPerson('driver'), await aPerson('driver')];
    const nobodys = aSession(first, { accountId: '', chargingState: 'EV_CONNECTED' });
    const session = { ...nobodys, accountId: first.accountId };
    await started(nobodys);
    await stateChanged(session, 2, 'EV_CONNECTED', 'EV_CONNECTED');
    await stateChanged(session, 3, 'CHARGING', 'EV_CONNECTED');
    expect((await inboxOf(first, 1)).nodes[0]!.body).toMatch(/started on .*14:30/);
    await stateChanged({ ...session, accountId: second.accountId }, 4, 'CHARGING', 'CHARGING');
    await inboxOf(second, 1);
    // Told late, of the time when it was still the first one's.
    await stateChanged(session, 3, 'SUSPENDED_EV', 'CHARGING');
    await inboxOf(second, 2);
    await settled();
    const kinds = async (driver: Person) => (await inbox(driver)).nodes.map(({ kind }) => kind).sort();
    expect(await kinds(first)).toEqual(['CHARGING_STARTED']);
    expect(await kinds(second)).toEqual(['CHARGING_STARTED', 'FULLY_CHARGED']);
  });

  it('does not hear that the car is full, or that it started, once the end is known', async () => {
    const driver = await aPerson('driver');
    const session = aSession(driver);
    await ended(session, 3, 'PowerLoss');
    await stateChanged(session, 2, 'SUSPENDED_EV', 'CHARGING');
    const toldAfter = { ...session, status: 'ENDED', endedAt: new Date(), stopReason: 'PowerLoss' };
    await stateChanged(toldAfter, 4, 'IDLE', 'IDLE');
    await inboxOf(driver, 1);
    await settled();
    expect((await inbox(driver)).nodes.map(({ kind }) => kind)).toEqual(['CHARGING_INTERRUPTED']);
  });

  it('hears of their own session alone when several sessions are told together', async () => {
    const drivers = [await aPerson('driver'), await aPerson('driver'), await aPerson('driver')];
    const inputs = [
      { kind: 'CHARGING_STARTED', channel: 'IN_APP', enabled: false },
      { kind: 'CHARGING_INTERRUPTED', channel: 'EMAIL', enabled: false },
    ];
    for (const [i, input] of inputs.entries()) await setPreference(drivers[i]!, input);
    const told = drivers.map((driver, i) => aSession(driver, { locationName: `Garage ${i}` }));
    // The third one's start comes after its end, and is no news.
    const [first, second, third] = told as [Session, Session, Session];
    await Promise.all([
      ended(third, 2, 'PowerLoss'),
      started(first),
      started(second),
      started(third),
      ended(first, 2, 'EmergencyStop'),
      ended(second, 2, 'PowerLoss'),
      ended(second, 2, 'PowerLoss'),
    ]);
    await settled();
    const invoices = told.map(({ accountId, sessionId }, i) => ({
      invoiceId: randomUUID(),
      number: `KW-2026-00001${i}`,
      accountId,
      sessionId,
      total: { amount: `1${i}.50`, currency: 'EUR' },
      issuedAt: new Date(),
      sessionCount: 1,
      month: '',
    }));
    await Promise.all(
      invoices.map((invoice) =>
        rig.publish(events.invoiceIssued, { aggregateId: invoice.invoiceId, version: 1 }, invoice),
      ),
    );
    const heard = async (i: number, count: number) =>
      (await inboxOf(drivers[i]!, count)).nodes.map(({ kind, body }) => [kind, /Garage \d/.exec(body)?.[0]]);
    const interrupted = 'CHARGING_INTERRUPTED';
    expect((await heard(0, 2)).sort()).toEqual([
      [interrupted, 'Garage 0'],
      ['INVOICE_READY', 'Garage 0'],
    ]);
    expect((await heard(1, 3)).sort()).toEqual([
      [interrupted, 'Garage 1'],
      ['CHARGING_STARTED', 'Garage 1'],
      ['INVOICE_READY', 'Garage 1'],
    ]);
    expect((await heard(2, 2)).sort()).toEqual([
      [interrupted, 'Garage 2'],
      ['INVOICE_READY', 'Garage 2'],
    ]);
    const mailed = async (i: number, count: number) => {
      const { email, accountId } = drivers[i]!;
      const sent = await waitFor(`${count} mails`, () =>
        mails.to(email).length >= count ? mails.to(email) : undefined,
      );
      const rows = await rig.sql<{ kind: string }>(
        `select kind from delivery d join alert a on a.tenant = d.tenant and a.id = d.alert_id
          where d.recipient = $1 and d.id = any($2::uuid[]) order by kind`,
        [accountId, sent.map(({ messageId }) => messageId.replace(/@.*/, ''))],
      );
      return rows.map(({ kind }) => kind);
    };
    expect(await mailed(0, 2)).toEqual([interrupted, 'INVOICE_READY']);
    expect(await mailed(1, 1)).toEqual(['INVOICE_READY']);
    expect(await mailed(2, 2)).toEqual([interrupted, 'INVOICE_READY']);
  });

  it('reads in their own language and pages, marks read and filters', async () => {
    const driver = await aPerson('driver', { locale: 'nl' });
    for (const _ of [1, 2, 3]) await started(aSession(driver));
    await inboxOf(driver, 3);
    const first = await inbox(driver, { first: 2 });
    expect(first.nodes[0]!.title).toBe('Het laden is begonnen');
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await inbox(driver, { first: 2, after: first.pageInfo.endCursor });
    expect(rest.nodes).toHaveLength(1);
    const read = () =>
      rig.graphql<{ markAlertRead: { alert: { readAt: string } } }>(
        driver,
        'mutation($input: MarkAlertReadInput!) { markAlertRead(input: $input) { alert { readAt } } }',
        { input: { alertId: first.nodes[0]!.id } },
      );
    const once = (await read()).data!.markAlertRead.alert.readAt;
    expect((await read()).data!.markAlertRead.alert.readAt).toBe(once);
    expect((await inbox(driver, { unreadOnly: true })).nodes).toHaveLength(2);
    expect((await inbox(driver)).unreadCount).toBe(2);
  });

  it('does not see alerts of others, in any way', async () => {
    const driver = await aPerson('driver');
    const session = aSession(driver);
    await started(session);
    const alert = (await inboxOf(driver, 1)).nodes[0]!;
    const strangers: TestPrincipal[] = [
      { accountId: randomUUID(), tenant: 'demo', role: 'driver' },
      { accountId: driver.accountId, tenant: 'other', role: 'driver' },
      { accountId: randomUUID(), tenant: 'demo', role: 'operator' },
    ];
    for (const stranger of strangers) {
      expect(
        (await rig.graphql(stranger, 'query($id: ID!) { alert(id: $id) { id } }', { id: alert.id })).codes,
      ).toEqual(['NOT_FOUND']);
      expect((await rig.entity(stranger, 'Alert', alert.id, 'title')).entity).toBeNull();
      const mark = await rig.graphql(
        stranger,
        'mutation($input: MarkAlertReadInput!) { markAlertRead(input: $input) { alert { id } } }',
        { input: { alertId: alert.id } },
      );
      expect(mark.codes).toEqual(['NOT_FOUND']);
    }
    const ofSession = (principal: TestPrincipal) =>
      rig.entity(principal, 'Session', session.sessionId, 'alerts { kind }');
    expect((await ofSession(driver)).entity).toEqual({ alerts: [{ kind: 'CHARGING_STARTED' }] });
    expect((await ofSession(strangers[0]!)).entity).toBeNull();
    expect((await ofSession(strangers[1]!)).entity).toBeNull();
    expect((await ofSession(strangers[2]!)).entity).toEqual({ alerts: [] });
    expect((await rig.graphql(null, '{ alerts(first: 1) { unreadCount } }')).codes).toEqual([
      'UNAUTHENTICATED',
    ]);
  });
});

describe('operators', () => {
  const connectorEvent = (connectorId: string, version: number, status: string) =>
    rig.publish(
      events.connectorStatusChanged,
      { aggregateId: connectorId, version },
      {
        stationId: randomUUID(),
        stationIdentity: 'CP-7',
        locationId: randomUUID(),
        connectorId,
        evseNumber: 1,
        connectorNumber: 1,
        previousStatus: '',
        status,
        errorCode: 'GroundFailure',
        vendorErrorCode: '',
        info: '',
      },
    );
  const faults = async (connectorId: string) =>
    rig.sql<{ id: string; dedupe_key: string }>('select id, dedupe_key from alert where dedupe_key like $1', [
      `fault:${connectorId}:%`,
    ]);

  it('hear of a fault once until it is over, and then of the next', async () => {
    const connectorId = randomUUID();
    await connectorEvent(connectorId, 1, 'AVAILABLE');
    await connectorEvent(connectorId, 2, 'FAULTED');
    await connectorEvent(connectorId, 3, 'FAULTED');
    await settled();
    expect(await faults(connectorId)).toHaveLength(1);
    await connectorEvent(connectorId, 5, 'AVAILABLE');
    await connectorEvent(connectorId, 4, 'FAULTED');
    await settled();
    expect(await faults(connectorId)).toHaveLength(1);
    await connectorEvent(connectorId, 6, 'FAULTED');
    await waitFor('the second fault', async () => (await faults(connectorId)).length === 2);
  });

  it('hear of each connector that goes faulty, when several do at once', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    await Promise.all(ids.map((id) => connectorEvent(id, 1, 'AVAILABLE')));
    await Promise.all(ids.map((id, i) => connectorEvent(id, 2, i === 1 ? 'AVAILABLE' : 'FAULTED')));
    await Promise.all(ids.map((id) => connectorEvent(id, 3, 'FAULTED')));
    await settled();
    // The key of an alert ends in the version in which its connector went faulty.
    const since = async (id: string) =>
      (await faults(id)).map(({ dedupe_key }) => dedupe_key.split(':').at(-1));
    expect(await Promise.all(ids.map(since))).toEqual([['2'], ['3'], ['2']]);
  });

  it('hear of a security event that needs them once a day, and of a failed update once', async () => {
    const stationId = randomUUID();
    const place = { stationId, stationIdentity: 'CP-8', locationName: 'Depot', timeZone: 'Europe/Amsterdam' };
    const security = async (kind: string, needsAttention: boolean) => {
      const securityEventId = randomUUID();
      const payload = {
        ...place,
        securityEventId,
        kind,
        critical: true,
        needsAttention,
        techInfo: '',
        receivedAt: new Date(),
      };
      await rig.publish(
        events.securityEventRecorded,
        { aggregateId: securityEventId, version: 1, at: NOON },
        payload,
      );
    };
    const firmware = async (firmwareUpdateId: string, version: number, status: string, failed: boolean) => {
      const payload = { ...place, firmwareUpdateId, kind: 'INSTALL', status, failed, location: '' };
      await rig.publish(events.firmwareUpdateChanged, { aggregateId: firmwareUpdateId, version }, payload);
    };
    await security('TamperDetectionActivated', true);
    await security('TamperDetectionActivated', true);
    await security('StartupOfTheDevice', false);
    const [failing, refused] = [randomUUID(), randomUUID()];
    await firmware(failing, 1, 'DOWNLOADING', false);
    await firmware(failing, 2, 'INVALID_SIGNATURE', true);
    await firmware(failing, 2, 'INVALID_SIGNATURE', true);
    await firmware(refused, 1, 'REFUSED', true);
    await settled();
    const raised = await rig.sql<{ kind: string }>(
      'select kind from alert where station_id = $1 order by kind',
      [stationId],
    );
    expect(raised).toEqual([{ kind: 'FIRMWARE_FAILED' }, { kind: 'STATION_SECURITY' }]);
  });

  it('hear once of a session whose meter is disputed, with the cause, and of a bill that may be of another driver; of one that waits for a tariff nothing', async () => {
    const olga = await aPerson('operator');
    const [disputed, unpriced, anothers] = [randomUUID(), randomUUID(), randomUUID()];
    const held = (sessionId: string, reason: string, version: number) =>
      rig.publish(
        events.billingHeld,
        { aggregateId: sessionId, version },
        billing.BillingHeld.fromPartial({
          sessionId,
          reason,
          doubts: reason === 'energy_disputed' ? ['register_reset', 'signature_failed'] : [],
        }),
      );
    await held(disputed, 'energy_disputed', 1);
    await held(disputed, 'energy_disputed', 2);
    await held(unpriced, 'no_tariff', 1);
    await held(anothers, 'other_driver', 4);
    for (const wanted of ['METER_DISPUTED', 'BILL_QUESTIONED'])
      await waitFor(wanted, async () => (await inbox(olga)).nodes.some(({ kind }) => kind === wanted));
    await settled();
    const raised = await rig.sql<{ kind: string; session_id: string; facts: { cause: string } }>(
      `select kind, session_id, facts from alert where session_id = any ($1::uuid[]) order by kind`,
      [[disputed, unpriced, anothers]],
    );
    expect(raised.map(({ kind, session_id: id, facts }) => [kind, id, facts.cause])).toEqual([
      ['BILL_QUESTIONED', anothers, ''],
      ['METER_DISPUTED', disputed, 'signature_failed'],
    ]);
  });

  it('hear once of a refund of which the provider tells what the books do not say', async () => {
    const olga = await aPerson('operator');
    const session = aSession(await aPerson('driver'));
    await started(session);
    const paymentId = randomUUID();
    const contradicted = (refundId: string, told: string) =>
      rig.publish(
        events.refundContradicted,
        { aggregateId: refundId, version: 1 },
        billing.RefundContradicted.fromPartial({
          ...{
            refundId,
            paymentId,
            sessionId: session.sessionId,
            state: told === 'DONE' ? 'FAILED' : 'DONE',
            told,
          },
          ...{ invoiceNumber: 'KW-2026-000077', amount: { amount: '4.20', currency: 'EUR' } },
        }),
      );
    const [failed, done] = [randomUUID(), randomUUID()];
    await contradicted(failed, 'FAILED');
    await contradicted(failed, 'FAILED');
    await contradicted(done, 'DONE');
    const told = async () =>
      (await inbox(olga)).nodes.filter(({ kind }) => kind === 'REFUND_CONTRADICTED').map(({ body }) => body);
    await waitFor('both alerts', async () => (await told()).length >= 2);
    await settled();
    const [second, first] = await told();
    expect(await told()).toHaveLength(2);
    expect(first).toMatch(/invoice KW-2026-000077.*the card did not get the money/);
    expect(first).toContain(paymentId);
    expect(second).toMatch(/the driver has it twice/);
  });

  it('hear of market prices that did not come, once a feed and day', async () => {
    const olga = await aPerson('operator');
    const missing = (day: string, version: number) =>
      rig.publish(
        events.priceFeedMissing,
        { aggregateId: 'AWATTAR:DE', version },
        { source: 'AWATTAR', area: 'DE', day, missingMinutes: 1_440, failure: '' },
      );
    await missing('2026-12-02', 1);
    await missing('2026-12-02', 2);
    await missing('2026-12-03', 3);
    const titles = async () =>
      (await inbox(olga)).nodes.filter(({ kind }) => kind === 'PRICES_MISSING').map(({ title }) => title);
    await waitFor('both alerts', async () => (await titles()).length >= 2);
    await settled();
    expect((await titles()).sort()).toEqual([
      'No market prices: AWATTAR DE, 2026-12-02',
      'No market prices: AWATTAR DE, 2026-12-03',
    ]);
  });

  it('hear of an objection to an invoice, and its driver of what became of it, each once', async () => {
    const [olga, dora] = [await aPerson('operator'), await aPerson('driver')];
    const about = {
      disputeId: randomUUID(),
      sessionId: randomUUID(),
      accountId: dora.accountId,
      invoiceNumber: 'KW-2026-000007',
    };
    const credit = {
      creditNoteId: randomUUID(),
      number: 'KWC-2026-000001',
      accountId: dora.accountId,
      sessionId: about.sessionId,
      total: { amount: '-6.05', currency: 'EUR' },
      issuedAt: new Date(),
      invoiceId: randomUUID(),
      invoiceNumber: about.invoiceNumber,
    };
    for (let round = 0; round < 2; round += 1) {
      const dispute = { aggregateId: about.disputeId };
      await rig.publish(events.disputeOpened, { ...dispute, version: 1 }, { ...about, reason: 'ENERGY' });
      await rig.publish(events.creditNoteIssued, { aggregateId: credit.creditNoteId, version: 1 }, credit);
      await rig.publish(events.disputeDecided, { ...dispute, version: 2 }, { ...about, state: 'ACCEPTED' });
    }
    await waitFor('the alerts', async () => (await inbox(dora)).nodes.length === 2);
    await settled();
    const titles = async (person: typeof olga, kind: string) =>
      (await inbox(person)).nodes.filter((alert) => alert.kind === kind).map(({ title }) => title);
    expect(await titles(olga, 'DISPUTE_OPENED')).toEqual(['Objection to invoice KW-2026-000007']);
    expect(await titles(dora, 'INVOICE_CREDITED')).toEqual(['Taken back: €6.05']);
    expect(await titles(dora, 'DISPUTE_DECIDED')).toEqual(['Your objection was accepted']);
    expect(await titles(dora, 'DISPUTE_OPENED')).toEqual([]);
  });

  it('hear what was decided about their contracts, each once, in their inbox and by mail', async () => {
    const dora = await aPerson('driver');
    const [requestId, tokenId] = [randomUUID(), randomUUID()];
    const about = { accountId: dora.accountId, masked: 'DE-8AA-****4567', name: 'Polestar' };
    const told = (aggregateId: string, version: number, decision: string, reason = '') =>
      rig.publish(events.contractDecided, { aggregateId, version }, { ...about, decision, reason });
    for (let round = 0; round < 2; round += 1) {
      await told(requestId, 1, 'ADDED', 'seen at the counter');
      await told(tokenId, 2, 'BLOCKED');
      await told(tokenId, 3, 'RELEASED');
      await told(tokenId, 4, 'BLOCKED');
    }
    await waitFor('the alerts', async () => (await inbox(dora)).nodes.length === 4);
    await settled();
    expect((await inbox(dora)).nodes.map(({ title }) => title).sort()).toEqual([
      'Your contract is good again',
      'Your contract was added',
      'Your contract was blocked',
      'Your contract was blocked',
    ]);
    const mails = await rig.sql<{ status: string }>(
      `select d.channel from delivery d join alert a on a.tenant = d.tenant and a.id = d.alert_id
        where a.recipient = $1 and a.kind = 'CONTRACT_DECIDED'`,
      [dora.accountId],
    );
    expect(mails.length).toBeGreaterThanOrEqual(4);
  });

  it('get each letter about an overdue invoice once, by mail whatever they chose, and hear when it is settled', async () => {
    const [dora, olga] = [await aPerson('driver'), await aPerson('operator')];
    const caseId = randomUUID();
    const told = (version: number, change: string, level: number) =>
      rig.publish(
        events.dunningCaseChanged,
        { aggregateId: caseId, version, at: NOON },
        {
          ...{ caseId, invoiceId: randomUUID(), invoiceNumber: 'KW-2026-000009', accountId: dora.accountId },
          ...{ change, state: 'ACTIVE', level, blocks: level > 1, lastDay: '2026-03-24', dueAt: NOON },
          owed: { amount: '6.05', currency: 'EUR' },
          charges: { amount: '5.00', currency: 'EUR' },
          instructions: 'NL00BANK',
        },
      );
    const { codes } = await rig.graphql(
      dora,
      'mutation($input: SetAlertPreferenceInput!) { setAlertPreference(input: $input) { __typename } }',
      { input: { kind: 'INVOICE_OVERDUE', channel: 'EMAIL', enabled: false } },
    );
    expect(codes).toEqual(['BAD_USER_INPUT']);
    for (let round = 0; round < 2; round += 1) {
      await told(1, 'OPENED', 0);
      await told(2, 'LETTER', 1);
      await told(3, 'LETTER', 2);
      await told(4, 'COLLECTION', 2);
      await told(5, 'SETTLED', 2);
    }
    await waitFor('the alerts', async () => (await inbox(dora)).nodes.length >= 3);
    await settled();
    const titles = async (person: typeof olga, kind: string) =>
      (await inbox(person)).nodes.filter((alert) => alert.kind === kind).map(({ title }) => title);
    expect((await titles(dora, 'INVOICE_OVERDUE')).sort()).toEqual([
      'First notice: invoice KW-2026-000009',
      'Reminder: invoice KW-2026-000009',
    ]);
    expect(await titles(dora, 'INVOICE_SETTLED')).toEqual(['Settled: invoice KW-2026-000009']);
    expect(await titles(olga, 'DEBT_COLLECTION')).toEqual(['Not paid: invoice KW-2026-000009']);
    expect(await titles(dora, 'DEBT_COLLECTION')).toEqual([]);
  });

  it('hear that the money of their session comes to an end, and that it is stopped, once each', async () => {
    const dora = await aPerson('driver');
    const sessionId = randomUUID();
    const money = (amount: string) => ({ amount, currency: 'EUR' });
    const about = {
      sessionId,
      accountId: dora.accountId,
      kind: 'PREPAID',
      limit: money('5.00'),
      cost: money('4.10'),
    };
    const usedUpAt = new Date(NOON.getTime() + 600_000);
    for (const eventId of [undefined, randomUUID()]) {
      const options = { aggregateId: sessionId, at: NOON, ...(eventId ? { eventId } : {}) };
      await rig.publish(events.sessionMoneyLow, { ...options, version: 1 }, { ...about, usedUpAt });
      await rig.publish(events.sessionMoneyUsedUp, { ...options, version: 2 }, about);
    }
    await waitFor('both alerts', async () => (await inbox(dora)).nodes.length === 2);
    const alerts = (await inbox(dora)).nodes;
    expect(alerts.map(({ kind }) => kind).sort()).toEqual(['MONEY_LOW', 'MONEY_USED_UP']);
    expect(alerts.find(({ kind }) => kind === 'MONEY_USED_UP')!.title).toBe(
      'Charging stops: the money is used',
    );
  });

  it('hear that their card was declined, at the start and for the rest, once for each payment however often it is told', async () => {
    const dora = await aPerson('driver');
    const session = aSession(dora);
    await started(session);
    await inboxOf(dora, 1);
    const money = (amount: string) => ({ amount, currency: 'EUR' });
    const told = (paymentId: string, version: number, over: Partial<billing.PaymentChanged>) =>
      rig.publish(
        events.paymentChanged,
        { aggregateId: paymentId, version, at: NOON },
        billing.PaymentChanged.fromPartial({
          paymentId,
          accountId: dora.accountId,
          sessionId: session.sessionId,
          state: 'DECLINED',
          amount: money('50.00'),
          ...over,
        }),
      );
    const [reserved, rest, topUp, confirmed] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const atStart = { purpose: 'SESSION', failureCode: 'insufficient_funds' };
    await told(reserved, 2, atStart);
    await told(reserved, 2, atStart);
    // Closed at the provider: the same outcome.
    await told(reserved, 3, atStart);
    await told(rest, 2, { purpose: 'INVOICE', invoiceId: randomUUID(), amount: money('3.20') });
    await told(topUp, 2, { purpose: 'TOP_UP', sessionId: '' });
    for (const [version, state] of [
      [2, 'REQUIRES_ACTION'],
      [3, 'AUTHORISED'],
      [4, 'CAPTURED'],
    ] as const)
      await told(confirmed, version, { purpose: 'SESSION', state, attended: true });
    const nl = await aPerson('driver', { locale: 'nl' });
    await told(randomUUID(), 2, { ...atStart, accountId: nl.accountId, sessionId: '' });
    await waitFor('the mails', () => mails.to(dora.email).length === 2 && mails.to(nl.email).length === 1);
    await settled();
    const alerts = (await inbox(dora)).nodes.filter(({ kind }) => kind === 'CARD_DECLINED');
    expect(alerts).toHaveLength(2);
    expect(alerts.map(({ title }) => title).sort()).toEqual([
      'Your card was declined: €3.20',
      'Your card was declined: €50.00',
    ]);
    const start = alerts.find(({ title }) => title.endsWith('€50.00'))!;
    expect(start.body).toMatch(/Garage West.*not enough money.*add another card.*top up your wallet/);
    expect(start).toMatchObject({ severity: 'WARNING', session: { id: session.sessionId } });
    expect(alerts.find(({ title }) => title.endsWith('€3.20'))!.body).toContain('The invoice stays open');
    expect(mails.to(dora.email)).toHaveLength(2);
    const [theirs] = (await inbox(nl)).nodes;
    expect(theirs!.body).toMatch(/Uw kaart is geweigerd.*opwaarderen/);
    await setPreference(dora, { kind: 'CARD_DECLINED', channel: 'EMAIL', enabled: false });
    await told(randomUUID(), 2, { ...atStart, amount: money('7.00') });
    await waitFor('the third', async () =>
      (await inbox(dora)).nodes.find(({ title }) => title === 'Your card was declined: €7.00'),
    );
    await settled();
    expect(mails.to(dora.email)).toHaveLength(2);
  });

  it('hear of a card payment that a bank takes back, and its driver when it is lost', async () => {
    const [olga, dora] = [await aPerson('operator'), await aPerson('driver')];
    const chargebackId = randomUUID();
    const money = (amount: string) => ({ amount, currency: 'EUR' });
    const told = (version: number, change: string) =>
      rig.publish(
        events.chargebackChanged,
        { aggregateId: chargebackId, version },
        {
          ...{ chargebackId, reference: 'du_1', paymentId: randomUUID(), accountId: dora.accountId },
          ...{
            sessionId: '',
            invoiceId: randomUUID(),
            invoiceNumber: 'KW-2026-000009',
            change,
            state: change,
          },
          ...{ reason: 'fraudulent', amount: money('6.05'), withdrawn: money('6.05'), fee: money('20.00') },
          ...{ evidenceDueAt: new Date('2026-05-10T00:00:00Z'), owed: money('6.05') },
        },
      );
    for (const [version, change] of [
      [1, 'OPENED'],
      [1, 'OPENED'],
      [2, 'UPDATED'],
      [3, 'LOST'],
    ] as const)
      await told(version, change);
    const ofOlga = async () => (await inbox(olga)).nodes.filter(({ kind }) => kind === 'CHARGEBACK');
    await waitFor('both alerts', async () => (await ofOlga()).length === 2);
    await waitFor('the driver’s', async () => (await inbox(dora)).nodes.length === 1);
    await settled();
    expect(await ofOlga()).toHaveLength(2);
    expect((await inbox(dora)).nodes).toMatchObject([
      { kind: 'PAYMENT_TAKEN_BACK', title: 'Open again: invoice KW-2026-000009' },
    ]);
  });

  it('hear once of an unauthorised attempt, and once more when it becomes severe', async () => {
    const olga = await aPerson('operator');
    const incidentId = randomUUID();
    const told = (version: number, over: Partial<auth.AttemptIncidentChanged> = {}) =>
      rig.publish(
        events.attemptIncidentChanged,
        { aggregateId: incidentId, version, at: NOON },
        auth.AttemptIncidentChanged.fromPartial({
          incidentId,
          rule: 'IMPOSSIBLE_TRAVEL',
          severity: 'MEDIUM',
          status: 'OPEN',
          lastSeen: NOON,
          stationId: randomUUID(),
          tokenMasked: '****B2C3',
          ...over,
        }),
      );
    await told(1);
    await told(2);
    await told(3, { severity: 'HIGH' });
    await told(4, { severity: 'HIGH', status: 'CLOSED' });
    await settled();
    const { data } = await rig.graphql<{
      alerts: { edges: { node: { kind: string; title: string; body: string } }[] };
    }>(olga, '{ alerts(first: 100) { edges { node { kind title body } } } }');
    const mine = data!.alerts.edges
      .map(({ node }) => node)
      .filter(({ kind }) => kind === 'UNAUTHORISED_ATTEMPT');
    expect(mine).toHaveLength(2);
    expect(mine[0]).toMatchObject({ title: 'Unauthorised attempt: ****B2C3' });
    expect(mine[0]!.body).toContain('there may be a copy');
  });

  it('Q47: hear once of a connector that needs a person, in words that say where and why', async () => {
    const olga = await aPerson('operator');
    const [stationId, recoveryId] = [randomUUID(), randomUUID()];
    const payload = {
      recoveryId,
      stationId,
      stationIdentity: 'CP-9',
      locationName: 'Depot',
      timeZone: 'Europe/Amsterdam',
      connectorId: randomUUID(),
      evseNumber: 2,
      connectorNumber: 1,
      trouble: 'STUCK_FINISHING',
      foundAt: NOON,
      tried: ['TRIGGER_STATUS', 'UNLOCK'],
    };
    for (const version of [4, 4, 5])
      await rig.publish(events.connectorNeedsPerson, { aggregateId: recoveryId, version, at: NOON }, payload);
    await settled();
    const raised = await rig.sql<{ id: string; kind: string }>(
      'select id, kind from alert where station_id = $1',
      [stationId],
    );
    expect(raised).toMatchObject([{ kind: 'CONNECTOR_STUCK' }]);
    const { data } = await rig.graphql<{ alert: object }>(
      olga,
      'query($id: ID!) { alert(id: $id) { severity title body station { id } } }',
      { id: raised[0]!.id },
    );
    expect(data?.alert).toMatchObject({
      severity: 'CRITICAL',
      title: 'Needs a person: CP-9',
      body: expect.stringMatching(/^Connector 1 of EVSE 2 of Depot \(CP-9\) has been finishing a session/),
      station: { id: stationId },
    });
  });

  it('hear once of a charge under the id of one that has ended', async () => {
    await aPerson('operator');
    const stationId = randomUUID();
    const place = { stationIdentity: 'CP-9', locationName: 'Depot', timeZone: 'Europe/Amsterdam' };
    for (const [kind, reason] of [
      ['STARTED', 'REUSED_TRANSACTION_ID'],
      ['ENDED', 'REUSED_TRANSACTION_ID'],
      ['ENDED', 'UNKNOWN_TRANSACTION'],
    ] as const) {
      const orphanId = randomUUID();
      const payload = { orphanId, stationId, transactionRef: '1', kind, occurredAt: NOON, reason, ...place };
      await rig.publish(events.transactionOrphaned, { aggregateId: orphanId, version: 1, at: NOON }, payload);
    }
    await settled();
    const raised = await rig.sql('select kind, severity from alert where station_id = $1', [stationId]);
    expect(raised).toEqual([{ kind: 'TRANSACTION_ORPHANED', severity: 'CRITICAL' }]);
  });

  it('each get it in the inbox, read it for themselves, and by mail at every active address', async () => {
    const [olga, ada] = [await aPerson('operator'), await aPerson('admin')];
    const driver = await aPerson('driver');
    const connectorId = randomUUID();
    const live = nats.subscribe('live.alert.demo.operators', { max: 1 });
    const first = (async () => {
      for await (const message of live) return message.json<{ id: string }>();
      return undefined;
    })();
    await nats.flush();
    await connectorEvent(connectorId, 1, 'FAULTED');
    const [alert] = await waitFor('the fault', async () => {
      const found = await faults(connectorId);
      return found.length > 0 ? found : undefined;
    });
    expect(await first).toEqual({ id: alert!.id });
    const see = (person: TestPrincipal) =>
      rig.graphql<{ alert: { title: string; severity: string; readAt: string | null } }>(
        person,
        'query($id: ID!) { alert(id: $id) { title severity readAt } }',
        { id: alert!.id },
      );
    expect((await see(olga)).data!.alert).toMatchObject({
      title: 'Fault: CP-7',
      severity: 'CRITICAL',
      readAt: null,
    });
    await rig.graphql(
      olga,
      'mutation($input: MarkAlertReadInput!) { markAlertRead(input: $input) { alert { id } } }',
      { input: { alertId: alert!.id } },
    );
    expect((await see(olga)).data!.alert.readAt).not.toBeNull();
    expect((await see(ada)).data!.alert.readAt).toBeNull();
    expect((await see(driver)).codes).toEqual(['NOT_FOUND']);
    expect((await see({ ...olga, tenant: 'other' })).codes).toEqual(['NOT_FOUND']);
    await waitFor('both mails', () => mails.to(olga.email).length === 1 && mails.to(ada.email).length === 1);
    expect(mails.to(driver.email)).toEqual([]);
  });
});

describe('mail', () => {
  it('carries the delivery id as Message-ID and a link to the alert', async () => {
    const driver = await aPerson('driver');
    await stateChanged(aSession(driver), 2, 'SUSPENDED_EV', 'CHARGING');
    const [mail] = await waitFor('the mail', () =>
      mails.to(driver.email).length > 0 ? mails.to(driver.email) : undefined,
    );
    const alert = (await inbox(driver)).nodes[0]!;
    const rows = await rig.sql<{ id: string }>(
      `select id from delivery where alert_id = $1 and channel = 'EMAIL'`,
      [alert.id],
    );
    expect(mail!.messageId).toBe(`${rows[0]!.id}@kw.example`);
    expect(mail!.subject).toBe('Your car seems to be full');
    expect(mail!.raw).toContain(`https://kw.example/alerts/${alert.id}`);
    await waitFor('the outcome', async () =>
      (await inbox(driver)).nodes[0]!.deliveries.some(
        (delivery) => delivery.channel === 'EMAIL' && delivery.state === 'SENT' && delivery.attempts === 1,
      ),
    );
    expect(mails.to(driver.email)).toHaveLength(1);
  });

  it('follows what the person chose', async () => {
    const driver = await aPerson('driver');
    expect(
      (await setPreference(driver, { kind: 'CHARGING_STARTED', channel: 'EMAIL', enabled: true })).data!
        .setAlertPreference.preferences,
    ).toContainEqual({ kind: 'CHARGING_STARTED', channel: 'EMAIL', enabled: true });
    await setPreference(driver, { kind: 'FULLY_CHARGED', channel: 'EMAIL', enabled: false });
    await setPreference(driver, { kind: 'FULLY_CHARGED', channel: 'IN_APP', enabled: false });
    const session = aSession(driver);
    await started(session);
    await stateChanged(session, 2, 'SUSPENDED_EV', 'CHARGING');
    await waitFor('the mail', () => mails.to(driver.email).length === 1);
    await settled();
    expect(mails.to(driver.email).map((mail) => mail.subject)).toEqual(['Charging started']);
    expect((await inbox(driver)).nodes.map((alert) => alert.kind)).toEqual(['CHARGING_STARTED']);
    expect(
      (await setPreference(driver, { kind: 'STATION_FAULT', channel: 'EMAIL', enabled: false })).codes,
    ).toEqual(['BAD_USER_INPUT']);
  });

  it('is tried again when the server refuses it, and given up after the eighth attempt', async () => {
    const driver = await aPerson('driver');
    mails.refused.add(driver.email);
    await stateChanged(aSession(driver), 2, 'SUSPENDED_EV', 'CHARGING');
    const delivery = () =>
      rig
        .sql<{ id: string; state: string; attempts: number; due_at: Date | null; last_error: string | null }>(
          `select id, state, attempts, due_at, last_error from delivery where recipient = $1 and channel = 'EMAIL'`,
          [driver.accountId],
        )
        .then((rows) => rows[0]);
    const refusedOnce = await waitFor('the first refusal', async () => {
      const row = await delivery();
      return row?.last_error ? row : undefined;
    });
    expect(refusedOnce).toMatchObject({ state: 'PENDING', attempts: 1 });
    expect(refusedOnce.last_error).toContain('451');
    expect(refusedOnce.due_at!.getTime()).toBeGreaterThan(Date.now());
    await rig.sql(`update delivery set attempts = 7, due_at = to_timestamp(0) where id = $1`, [
      refusedOnce.id,
    ]);
    const last = await waitFor('the end', async () => {
      const row = await delivery();
      return row?.state === 'FAILED' ? row : undefined;
    });
    expect(last).toMatchObject({ attempts: 8, due_at: null });
    expect(mails.to(driver.email)).toEqual([]);
  });

  it('of a bill is tried for days, unless the server says that there is no such address', async () => {
    const [away, gone] = [await aPerson('driver'), await aPerson('driver')];
    mails.refused.add(away.email);
    mails.unknown.add(gone.email);
    for (const { accountId } of [away, gone]) {
      const invoiceId = randomUUID();
      const invoice = billing.InvoiceIssued.fromPartial({
        ...{ invoiceId, number: 'KW-2026-000099', accountId, month: '2026-03' },
        ...{ total: { amount: '9.90', currency: 'EUR' }, issuedAt: new Date() },
      });
      await rig.publish(events.invoiceIssued, { aggregateId: invoiceId, version: 1 }, invoice);
    }
    const delivery = async ({ accountId }: Person) =>
      (
        await rig.sql<{ state: string; attempts: number; last_error: string | null }>(
          `select state, attempts, last_error from delivery where recipient = $1 and channel = 'EMAIL'`,
          [accountId],
        )
      )[0];
    const again = (attempts: number) =>
      rig.sql(
        `update delivery set attempts = $2, due_at = to_timestamp(0)
          where recipient = any($1) and channel = 'EMAIL' and state = 'PENDING'`,
        [[away.accountId, gone.accountId], attempts],
      );
    const came = (person: Person, state: string, attempts: number) =>
      waitFor(`${state} after ${attempts}`, async () => {
        const row = await delivery(person);
        return row?.state === state && row.attempts === attempts && row.last_error ? row : undefined;
      });
    await came(away, 'PENDING', 1);
    await came(gone, 'PENDING', 1);
    await again(7);
    expect((await came(gone, 'FAILED', 8)).last_error).toContain('550');
    await came(away, 'PENDING', 8);
    await again(30);
    await came(away, 'PENDING', 31);
    await again(31);
    await came(away, 'FAILED', 32);
  });

  it('that the car is full is not sent any more when the session has ended meanwhile', async () => {
    const driver = await aPerson('driver');
    mails.refused.add(driver.email);
    const session = aSession(driver);
    await stateChanged(session, 2, 'SUSPENDED_EV', 'CHARGING');
    const delivery = async () =>
      (
        await rig.sql<{ state: string; last_error: string | null }>(
          `select state, last_error from delivery where recipient = $1 and channel = 'EMAIL'`,
          [driver.accountId],
        )
      )[0];
    await waitFor('the first refusal', async () => (await delivery())?.last_error);
    await ended(session, 3, 'EVDisconnected');
    await waitFor(
      'the end',
      async () =>
        (await rig.sql('select 1 from known_session where session_id = $1 and ended', [session.sessionId]))
          .length > 0,
    );
    mails.refused.delete(driver.email);
    await rig.sql(`update delivery set due_at = to_timestamp(0) where recipient = $1 and channel = 'EMAIL'`, [
      driver.accountId,
    ]);
    await waitFor('the outcome', async () => (await delivery())?.state === 'FAILED');
    expect((await delivery())!.last_error).toBe('OVERTAKEN');
    expect(mails.to(driver.email)).toEqual([]);
  });

  it('is not sent any more to an account that was switched off meanwhile', async () => {
    const driver = await aPerson('driver');
    mails.refused.add(driver.email);
    await stateChanged(aSession(driver), 2, 'SUSPENDED_EV', 'CHARGING');
    const state = () =>
      rig.sql<{ state: string; last_error: string | null }>(
        `select state, last_error from delivery where recipient = $1 and channel = 'EMAIL'`,
        [driver.accountId],
      );
    await waitFor('the first refusal', async () => (await state())[0]?.last_error);
    const { accountId, email } = driver;
    await rig.publish(
      events.accountChanged,
      { aggregateId: accountId, version: 2 },
      { accountId, email, displayName: 'Dora', role: 'driver', locale: 'en', active: false },
    );
    await waitFor(
      'the switch',
      async () =>
        (await rig.sql('select 1 from account where account_id = $1 and not active', [accountId])).length > 0,
    );
    mails.refused.delete(email);
    await rig.sql(`update delivery set due_at = to_timestamp(0) where recipient = $1 and channel = 'EMAIL'`, [
      accountId,
    ]);
    await waitFor('the end', async () => (await state())[0]?.state === 'FAILED');
    expect(await state()).toEqual([{ state: 'FAILED', last_error: 'NO_ADDRESS' }]);
    expect(mails.to(email)).toEqual([]);
  });

  it('is sent after all when an attempt died without an outcome', async () => {
    const driver = await aPerson('driver');
    mails.refused.add(driver.email);
    await stateChanged(aSession(driver), 2, 'SUSPENDED_EV', 'CHARGING');
    const rows = await waitFor('the first refusal', async () => {
      const found = await rig.sql<{ id: string }>(
        `select id from delivery where recipient = $1 and channel = 'EMAIL' and last_error is not null`,
        [driver.accountId],
      );
      return found.length > 0 ? found : undefined;
    });
    mails.refused.delete(driver.email);
    // As after a crash: the attempt was counted, its lease has passed.
    await rig.sql(`update delivery set attempts = 2, due_at = to_timestamp(0) where id = $1`, [rows[0]!.id]);
    await waitFor('the mail', () => mails.to(driver.email).length === 1);
    await waitFor(
      'the outcome',
      async () =>
        (
          await rig.sql(`select 1 from delivery where id = $1 and state = 'SENT' and attempts = 3`, [
            rows[0]!.id,
          ])
        ).length === 1,
    );
  });
});
