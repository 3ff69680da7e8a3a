// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { randomUUID } from 'node:crypto';
import { events, ocppGateway, sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { anna, operator, SessionsRig, stranger, type ImportedStation } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
afterEach(() => app.peers.reset());

async function ask<T>(query: string, input: object, who = operator): Promise<T> {
  const { data, errors } = await app.rig.graphql<Record<string, T>>(who, query, { input });
  if (!data) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0]!;
}

async function shown<T>(station: ImportedStation, field: string): Promise<T> {
  const { data, errors } = await app.rig.graphql<{ station: Record<string, T> }>(
    operator,
    `query($id: ID!) { station(id: $id) { ${field} } }`,
    { id: station.id },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return Object.values(data.station)[0]!;
}

interface List<T> {
  readonly edges: readonly { readonly node: T }[];
}
const nodes = <T>({ edges }: List<T>) => edges.map(({ node }) => node);

const UPDATE = `mutation($input: UpdateFirmwareInput!) { updateFirmware(input: $input) {
  result { outcome } firmwareUpdate { id status location signed } } }`;
interface Updated {
  readonly result: { outcome: string };
  readonly firmwareUpdate: { id: string; status: string; location: string; signed: boolean };
}
const update = (station: ImportedStation, over: object = {}) =>
  ask<Updated>(UPDATE, { stationId: station.id, location: 'https://fw.example/v2.bin', ...over });
const updatesOf = async (station: ImportedStation) =>
  nodes(
    await shown<List<{ status: string; kind: string; requestedHere: boolean }>>(
      station,
      'firmwareUpdates(first: 10) { edges { node { status kind requestedHere } } }',
    ),
  );
const told = async (station: ImportedStation) =>
  (await app.rig.published(events.firmwareUpdateChanged))
    .filter(({ stationId }) => stationId === station.id)
    .map(({ status, failed }) => (failed ? `${status}!` : status));
const requestIdOf = () => app.peers.commands.at(-1)!.updateFirmware!.requestId;

describe('a firmware update', () => {
  it('is asked for, followed by its request id, and told of once for each status', async () => {
    const station = await app.anOnlineStation();
    const { result, firmwareUpdate } = await update(station);
    expect([result.outcome, firmwareUpdate.status]).toEqual(['ACCEPTED', 'ACCEPTED']);
    const requestId = requestIdOf();
    for (const status of [
      'Idle',
      'Downloading',
      'Downloading',
      'Downloaded',
      'Installing',
      'Downloaded',
      'Installed',
    ]) {
      await app.tell(station.id, { firmwareStatus: { kind: 'INSTALL', status, requestId } });
    }
    expect(await updatesOf(station)).toEqual([{ status: 'INSTALLED', kind: 'INSTALL', requestedHere: true }]);
    expect(await told(station)).toEqual([
      'REQUESTED',
      'ACCEPTED',
      'DOWNLOADING',
      'DOWNLOADED',
      'INSTALLING',
      'INSTALLED',
    ]);
  });

  it('of 1.6, whose words name no request, is the newest one', async () => {
    const station = await app.anOnlineStation();
    await update(station);
    await app.tell(station.id, {
      firmwareStatus: { kind: 'INSTALL', status: 'DownloadFailed', requestId: undefined },
    });
    expect((await updatesOf(station)).map(({ status }) => status)).toEqual(['DOWNLOAD_FAILED']);
    expect((await told(station)).at(-1)).toBe('DOWNLOAD_FAILED!');
  });

  it('is replaced by the next one that the station takes', async () => {
    const station = await app.anOnlineStation();
    await update(station);
    await update(station, { location: 'https://fw.example/v3.bin' });
    expect((await updatesOf(station)).map(({ status }) => status)).toEqual(['ACCEPTED', 'SUPERSEDED']);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    await update(station, { location: 'https://fw.example/v4.bin' });
    expect((await updatesOf(station)).map(({ status }) => status)).toEqual([
      'REFUSED',
      'ACCEPTED',
      'SUPERSEDED',
    ]);
  });

  it('goes signed with its certificate, and half a signature is a mistake', async () => {
    const station = await app.anOnlineStation();
    const signed = { signingCertificate: '-----BEGIN CERTIFICATE-----', signature: 'c2ln' };
    expect((await update(station, signed)).firmwareUpdate.signed).toBe(true);
    expect(app.peers.commands.at(-1)?.updateFirmware).toMatchObject(signed);
    await expect(update(station, { signature: 'c2ln' })).rejects.toThrow(/BAD_USER_INPUT/);
    await expect(update(station, { location: 'file:///etc/passwd' })).rejects.toThrow(/BAD_USER_INPUT/);
  });

  it('A00.FR.706: is not told to the station when its signer is not to be trusted, and the operator is told why', async () => {
    const station = await app.anOnlineStation();
    app.peers.firmwareSigner = { accepted: false, reason: 'The signing certificate has expired.' };
    const before = app.peers.commands.length;
    const signed = { signingCertificate: '-----BEGIN CERTIFICATE-----', signature: 'c2ln' };
    await expect(update(station, signed)).rejects.toThrow(/BAD_USER_INPUT/);
    expect(app.peers.commands.length).toBe(before);
    expect(await updatesOf(station)).toEqual([]);
  });

  it('keeps no password of the place where the firmware is', async () => {
    const station = await app.anOnlineStation();
    const { firmwareUpdate } = await update(station, { location: 'ftp://user:hush@fw.example/v2.bin' });
    expect(firmwareUpdate.location).toBe('ftp://[redacted]@fw.example/v2.bin');
    expect(app.peers.commands.at(-1)?.updateFirmware?.location).toContain('user:hush@');
    const audits = await app.rig.sql<{ arguments: object }>(
      'SELECT arguments FROM command_audit WHERE station_id = $1',
      [station.id],
    );
    expect(JSON.stringify(audits)).not.toContain('hush');
  });

  it('that nobody asked for here is on record too', async () => {
    const station = await app.anOnlineStation();
    await app.tell(station.id, { firmwareStatus: { kind: 'INSTALL', status: 'Downloading', requestId: 99 } });
    await app.tell(station.id, { firmwareStatus: { kind: 'PUBLISH', status: 'Published', requestId: 99 } });
    expect(await updatesOf(station)).toEqual([
      { status: 'PUBLISHED', kind: 'PUBLISH', requestedHere: false },
      { status: 'DOWNLOADING', kind: 'INSTALL', requestedHere: false },
    ]);
  });

  it('of a station of nobody, or of another tenant, is refused', async () => {
    const station = await app.anOnlineStation();
    const firmwareStatus = { kind: 'INSTALL', status: 'Installed', requestId: 5 };
    await expect(app.tell(randomUUID(), { firmwareStatus })).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(app.tell(station.id, { firmwareStatus }, 'other')).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
  });
});

const LOG = `mutation($input: RequestLogInput!) { requestLog(input: $input) { result { outcome } log { id status } } }`;
interface Requested {
  readonly result: { outcome: string };
  readonly log: { id: string; status: string };
}
const requestLog = (station: ImportedStation, over: object = {}) =>
  ask<Requested>(LOG, { stationId: station.id, kind: 'DIAGNOSTICS', ...over });
const logsOf = async (station: ImportedStation) =>
  nodes(
    await shown<
      List<{ status: string; detail: string | null; fileName: string | null; sizeBytes: number | null }>
    >(station, 'logs(first: 10) { edges { node { status detail fileName sizeBytes } } }'),
  );

describe('a log', () => {
  it('is asked for, uploaded, and here when the gateway has it', async () => {
    const station = await app.anOnlineStation();
    const { log } = await requestLog(station);
    const { requestLog: sent } = app.peers.commands.at(-1)!;
    expect(sent).toMatchObject({ kind: 'DIAGNOSTICS', uploadId: log.id, location: '' });
    for (let i = 0; i < 5; i++) {
      await app.tell(station.id, { logStatus: { status: 'Uploading', requestId: sent!.requestId } });
    }
    expect(await logsOf(station)).toMatchObject([{ status: 'UPLOADING' }]);
    const payload = {
      uploadId: log.id,
      stationId: station.id,
      fileName: 'diag.zip',
      sizeBytes: 123,
      storedAt: new Date(),
    };
    for (const version of [1, 1]) {
      await app.rig.publish(events.stationFileUploaded, { aggregateId: log.id, version }, payload);
    }
    await waitFor('the file', async () => (await logsOf(station))[0]?.status === 'RECEIVED');
    await app.tell(station.id, { logStatus: { status: 'Uploaded', requestId: sent!.requestId } });
    expect(await logsOf(station)).toEqual([
      { status: 'RECEIVED', detail: null, fileName: 'diag.zip', sizeBytes: 123 },
    ]);
  });

  it("fails in the station's own words, also in 1.6 without a request id", async () => {
    const station = await app.anOnlineStation();
    await requestLog(station);
    await app.tell(station.id, { logStatus: { status: 'PermissionDenied', requestId: undefined } });
    expect(await logsOf(station)).toMatchObject([{ status: 'FAILED', detail: 'PermissionDenied' }]);
    await app.tell(station.id, { logStatus: { status: 'Uploaded', requestId: 4711 } });
    expect(await logsOf(station)).toMatchObject([{ status: 'FAILED' }]);
  });

  it('of a station that is away is refused', async () => {
    const station = await app.anOnlineStation();
    app.peers.outcome = Outcome.COMMAND_OUTCOME_OFFLINE;
    expect((await requestLog(station, { kind: 'SECURITY' })).log.status).toBe('REFUSED');
  });

  it('is for operators of the tenant', async () => {
    const station = await app.anOnlineStation();
    await expect(ask(LOG, { stationId: station.id, kind: 'SECURITY' }, anna)).rejects.toThrow(/FORBIDDEN/);
    await expect(ask(LOG, { stationId: station.id, kind: 'SECURITY' }, stranger)).rejects.toThrow(
      /NOT_FOUND/,
    );
  });
});

const SET = `mutation($input: SetDisplayMessageInput!) { setDisplayMessage(input: $input) { outcome } }`;
const CLEAR = `mutation($input: ClearDisplayMessageInput!) { clearDisplayMessage(input: $input) { outcome } }`;
const REFRESH = `mutation($input: RefreshDisplayMessagesInput!) { refreshDisplayMessages(input: $input) { outcome } }`;
const messagesOf = (station: ImportedStation) =>
  shown<{ number: number; content: string; priority: string }[]>(
    station,
    'displayMessages { number content priority }',
  );
const page = (requestId: number, last: boolean, ...numbers: number[]) => ({
  displayMessages: {
    requestId,
    last,
    messages: numbers.map((messageNumber) =>
      sessions.DisplayMessage.fromPartial({
        messageNumber,
        content: `m${messageNumber}`,
        priority: 'InFront',
      }),
    ),
  },
});

describe('display messages', () => {
  it('are shown once the station took them, and gone once it cleared them', async () => {
    const station = await app.anOnlineStation();
    await ask(SET, { stationId: station.id, content: 'Closed on Sunday' });
    const { setDisplayMessage: sent } = app.peers.commands.at(-1)!;
    expect(sent).toMatchObject({ format: 'UTF8', priority: 'NormalCycle' });
    expect(await messagesOf(station)).toEqual([
      { number: sent!.messageNumber, content: 'Closed on Sunday', priority: 'NormalCycle' },
    ]);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    await ask(SET, { stationId: station.id, number: 7, content: 'Refused' });
    expect(await messagesOf(station)).toHaveLength(1);
    app.peers.status = 'Unknown';
    await ask(CLEAR, { stationId: station.id, number: sent!.messageNumber });
    expect(await messagesOf(station)).toEqual([]);
  });

  it('are those the station names in its pages, twice or not', async () => {
    const station = await app.anOnlineStation();
    await ask(SET, { stationId: station.id, number: 1, content: 'old' });
    await ask(REFRESH, { stationId: station.id });
    const { requestId } = app.peers.commands.at(-1)!.getDisplayMessages!;
    await app.tell(station.id, page(requestId, false, 2, 3));
    await app.tell(station.id, page(requestId, false, 2, 3));
    expect((await messagesOf(station)).map(({ number }) => number)).toEqual([1, 2, 3]);
    await app.tell(station.id, page(requestId, true, 4));
    expect((await messagesOf(station)).map(({ number }) => number)).toEqual([2, 3, 4]);
    await app.tell(station.id, page(requestId, true, 4));
    expect((await messagesOf(station)).map(({ number }) => number)).toEqual([2, 3, 4]);
  });

  it('are none when the station says so', async () => {
    const station = await app.anOnlineStation();
    await ask(SET, { stationId: station.id, number: 1, content: 'old' });
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    app.peers.status = 'Unknown';
    await ask(REFRESH, { stationId: station.id });
    expect(await messagesOf(station)).toEqual([]);
  });
});

const CUSTOMER = `mutation($input: RequestCustomerInformationInput!) { requestCustomerInformation(input: $input) {
  result { outcome } information { id customer status complete data } } }`;
interface Asked {
  readonly information: { customer: string; status: string };
}
const informationOf = async (station: ImportedStation) =>
  nodes(
    await shown<List<{ customer: string; complete: boolean; data: string | null }>>(
      station,
      'customerInformation(first: 5) { edges { node { customer complete data } } }',
    ),
  );

describe('customer information', () => {
  it('is put together from its pages in any order, and its subject stays masked', async () => {
    const station = await app.anOnlineStation();
    const idToken = { value: '04A1B2C3D4E5F6', type: 'ISO14443' };
    const { information } = await ask<Asked>(CUSTOMER, {
      stationId: station.id,
      idToken,
      report: true,
      clear: true,
    });
    expect(information).toMatchObject({ status: 'ACCEPTED' });
    expect(information.customer).not.toContain('04A1B2C3');
    const { requestId, ...sent } = app.peers.commands.at(-1)!.requestCustomerInformation!;
    expect(sent).toEqual({ idToken, report: true, clear: true, customerIdentifier: '' });
    const part = (seqNo: number, data: string, last = false) =>
      app.tell(station.id, {
        customerInformation: { requestId, seqNo, last, data, generatedAt: new Date() },
      });
    await part(2, 'three', true);
    await part(0, 'one ');
    expect(await informationOf(station)).toMatchObject([{ complete: false }]);
    await part(1, 'two ');
    await part(1, 'two ');
    expect(await informationOf(station)).toMatchObject([{ complete: true, data: 'one two three' }]);
    const audits = await app.rig.sql('SELECT arguments FROM command_audit WHERE station_id = $1', [
      station.id,
    ]);
    expect(JSON.stringify(audits)).not.toContain('04A1B2C3D4E5F6');
  });

  it('that nobody asked for is not kept', async () => {
    const station = await app.anOnlineStation();
    await app.tell(station.id, {
      customerInformation: { requestId: 7, seqNo: 0, last: true, data: 'Dora', generatedAt: new Date() },
    });
    expect(await informationOf(station)).toEqual([]);
  });

  it('goes after a month', async () => {
    const station = await app.anOnlineStation();
    await ask(CUSTOMER, { stationId: station.id, customerIdentifier: 'C-1', report: true, clear: false });
    await app.rig.sql("UPDATE customer_information SET requested_at = now() - interval '31 days'");
    await app.rig.running.background.jobs.get('forget-customer-information')!.runDue();
    expect(await informationOf(station)).toEqual([]);
  });

  it('names one customer, and asks for something', async () => {
    const { id: stationId } = await app.anOnlineStation();
    const idToken = { value: 'A', type: 'Central' };
    for (const input of [
      { stationId, report: true, clear: false },
      { stationId, report: true, clear: false, idToken, customerIdentifier: 'C' },
      { stationId, report: false, clear: false, idToken },
    ]) {
      await expect(ask(CUSTOMER, input)).rejects.toThrow(/BAD_USER_INPUT/);
    }
  });
});
