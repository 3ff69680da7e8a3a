// Real: every service as a process. A driver reserves a connector and uses it; an operator updates a firmware, fetches a log and
// is alerted, all through the public API.
import { randomBytes, randomUUID } from 'node:crypto';
import { OcppSocket, waitFor, type Answer, type Payload } from '@kilowatch/testing';
import type { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

const IDENTITY = 'KW-HARBOUR-3';
const ACCEPTED: Answer = { result: { status: 'Accepted' } };

let sut: SystemUnderTest;
let station: OcppSocket;
let stationId: string;
let connectorId: string;
const asked: { action: string; payload: Payload }[] = [];

beforeAll(async () => {
  sut = await SystemUnderTest.start();
  const { stations } = await sut.people.operator.request<{
    stations: { edges: { node: { id: string; evses: { connectors: { id: string }[] }[] } }[] };
  }>(
    'query($search: String!) { stations(first: 1, filter: { search: $search }) { edges { node { id evses { connectors { id } } } } } }',
    { search: IDENTITY },
  );
  const [{ node }] = stations.edges as [(typeof stations.edges)[number]];
  stationId = node.id;
  connectorId = node.evses[0]!.connectors[0]!.id;
  station = await OcppSocket.open({
    url: `${sut.system.ocppUrl}/${IDENTITY}`,
    identity: IDENTITY,
    password: DEMO_STATION_PASSWORD,
    subprotocols: ['ocpp1.6'],
    answerTimeoutMs: 15_000,
    newId: randomUUID,
    onCall: (action, payload) => {
      asked.push({ action, payload });
      return action === 'UpdateFirmware'
        ? { result: {} }
        : action === 'GetDiagnostics'
          ? { result: { fileName: 'd' } }
          : ACCEPTED;
    },
  });
  await station.call('BootNotification', () => ({ chargePointVendor: 'V', chargePointModel: 'M' }));
  await isOnline();
});
afterAll(async () => {
  station?.close();
  await sut?.stop();
});

const isOnline = () =>
  waitFor('the station to be online', async () => {
    const { station: seen } = await sut.people.operator.request<{ station: { online: boolean } }>(
      'query($id: ID!) { station(id: $id) { online } }',
      { id: stationId },
    );
    return seen.online;
  });
const askedFor = (action: string) => asked.filter((call) => call.action === action).at(-1)?.payload;

interface Reserved {
  readonly reserveConnector: {
    reservation?: { id: string; number: number; status: string };
    reason?: string;
  };
}
const reserve = (who: GraphqlClient) =>
  who.request<Reserved>(
    `mutation($input: ReserveConnectorInput!) { reserveConnector(input: $input) {
      ... on ReservationMade { reservation { id number status } } ... on ReservationRefused { reason } } }`,
    { input: { connectorId, expiresAt: new Date(Date.now() + 900_000).toISOString() } },
  );

it('keeps a connector for a driver until their accepted start uses it', async () => {
  const { driver, secondDriver } = sut.people;
  const { reserveConnector: made } = await reserve(driver);
  expect(made.reservation).toMatchObject({ status: 'ACTIVE' });
  const told = askedFor('ReserveNow')!;
  expect(told).toMatchObject({ reservationId: made.reservation!.number, connectorId: 1 });
  expect((await reserve(secondDriver)).reserveConnector.reason).toBe('OCCUPIED');
  const { startSession } = await secondDriver.request<{ startSession: { reason?: string } }>(
    'mutation($id: ID!) { startSession(input: { connectorId: $id }) { ... on StartRefused { reason } } }',
    { id: connectorId },
  );
  expect(startSession.reason).toBe('RESERVED');
  const start = {
    connectorId: 1,
    meterStart: 0,
    timestamp: new Date().toISOString(),
    reservationId: told['reservationId'],
  };
  await station.call('StartTransaction', () => ({ ...start, idTag: 'NOBODY-KNOWS-ME' }));
  const statusNow = async () =>
    (
      await driver.request<{ myReservations: { edges: { node: { status: string } }[] } }>(
        '{ myReservations(first: 1) { edges { node { status } } } }',
      )
    ).myReservations.edges[0]?.node.status;
  expect(await statusNow()).toBe('ACTIVE');
  const later = new Date(Date.now() + 1_000).toISOString();
  const { transactionId } = (await station.call('StartTransaction', () => ({
    ...start,
    timestamp: later,
    idTag: told['idTag'],
  }))) as { transactionId: number };
  expect(await statusNow()).toBe('USED');
  await station.call('StopTransaction', () => ({ transactionId, meterStop: 10, timestamp: later }));
});

it('brings a log of the station to the operator, byte for byte', async () => {
  const { operator } = sut.people;
  const { requestLog } = await operator.request<{
    requestLog: { result: { outcome: string }; log: { id: string } };
  }>(
    'mutation($id: ID!) { requestLog(input: { stationId: $id, kind: DIAGNOSTICS }) { result { outcome } log { id } } }',
    { id: stationId },
  );
  expect(requestLog.result.outcome).toBe('ACCEPTED');
  const file = randomBytes(400_000);
  const uploaded = await fetch(`${String(askedFor('GetDiagnostics')!['location'])}d.tar.gz`, {
    method: 'PUT',
    body: new Uint8Array(file),
  });
  expect(uploaded.status).toBe(201);
  const query = `query($id: ID!) { stationLog(id: $id) { status file { name chunkCount
    first: chunk(number: 0) second: chunk(number: 1) } } }`;
  interface Fetched {
    stationLog: {
      status: string;
      file: { name: string; chunkCount: number; first: string; second: string } | null;
    };
  }
  const log = await waitFor('the log', async () => {
    const { stationLog } = await operator.request<Fetched>(query, { id: requestLog.log.id });
    return stationLog.status === 'RECEIVED' ? stationLog : undefined;
  });
  expect(log.file).toMatchObject({ name: 'd.tar.gz', chunkCount: 2 });
  const parts = [log.file!.first, log.file!.second].map((part) => Buffer.from(part, 'base64'));
  expect(Buffer.concat(parts).equals(file)).toBe(true);
});

it('tells the operators of a firmware that failed and of a security event', async () => {
  const { operator } = sut.people;
  await operator.request(
    'mutation($input: UpdateFirmwareInput!) { updateFirmware(input: $input) { result { outcome } } }',
    { input: { stationId, location: 'https://firmware.example/v2.bin' } },
  );
  expect(askedFor('UpdateFirmware')).toMatchObject({ location: 'https://firmware.example/v2.bin' });
  for (const status of ['Downloading', 'DownloadFailed']) {
    await station.call('FirmwareStatusNotification', () => ({ status }));
  }
  await station.call('SecurityEventNotification', () => ({
    type: 'TamperDetectionActivated',
    timestamp: new Date().toISOString(),
  }));
  const kinds = await waitFor('both alerts', async () => {
    const { alerts } = await operator.request<{
      alerts: { edges: { node: { kind: string; title: string } }[] };
    }>('{ alerts(first: 50) { edges { node { kind title } } } }');
    const found = alerts.edges.map(({ node }) => node.kind);
    return found.includes('FIRMWARE_FAILED') && found.includes('STATION_SECURITY') ? found : undefined;
  });
  expect(kinds.filter((kind) => kind === 'FIRMWARE_FAILED')).toHaveLength(1);
});
