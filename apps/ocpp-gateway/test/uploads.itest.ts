// Real: sockets, HTTP, Postgres, NATS, gRPC. Played: auth, sessions.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { events, ocppGateway } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor, type OcppSocket, type Payload, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

const operator: TestPrincipal = { accountId: 'oper', tenant: 'demo', role: 'operator' };
const driver: TestPrincipal = { accountId: 'anna', tenant: 'demo', role: 'driver' };
const stranger: TestPrincipal = { accountId: 'oper', tenant: 'other', role: 'operator' };

let rig: GatewayRig;
const open: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start({ KW_UPLOAD_MAX_MB: '1' });
});
afterAll(() => rig.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** A station that was asked for its log: what it was told, and the id it is kept under. */
async function asked(subprotocol = 'ocpp2.0.1', kind = 'DIAGNOSTICS', over: object = {}) {
  const station = rig.provision();
  const seen: { action: string; payload: Payload }[] = [];
  const socket = await rig.connect(station, {
    subprotocols: [subprotocol],
    onCall: (action, payload) => {
      seen.push({ action, payload });
      return { result: { status: 'Accepted' } };
    },
  });
  open.push(socket);
  const uploadId = randomUUID();
  const request = ocppGateway.SendRequest.fromPartial({
    stationId: station.stationId,
    idempotencyKey: uploadId,
    timeoutSeconds: 5,
    requestLog: { requestId: 11, kind, uploadId, ...over },
  });
  const send = () =>
    rig.rig
      .grpc(ocppGateway.CommandServiceClient)
      .send(request, { tenant: tenantId('demo'), deadlineMs: 10_000 });
  await send();
  const [call] = seen;
  const told = call?.payload as { location?: string; log?: { remoteLocation: string } } | undefined;
  const location = told?.location ?? told?.log?.remoteLocation ?? '';
  return { station, uploadId, location, call, send, seen };
}

const put = (url: string, body: Buffer | string, method = 'PUT') =>
  fetch(url, { method, body: new Uint8Array(Buffer.from(body)) }).then(({ status }) => status);

interface FileNode {
  readonly name: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly chunkCount: number;
}
async function fileOf(uploadId: string, who = operator): Promise<FileNode | null | undefined> {
  const { entity } = await rig.rig.entity<{ file: FileNode | null }>(
    who,
    'StationLog',
    uploadId,
    'file { name sizeBytes sha256 chunkCount }',
  );
  return entity?.file;
}
async function chunkOf(uploadId: string, number: number, who = operator): Promise<Buffer | string> {
  const { entity, codes } = await rig.rig.entity<{ file: { chunk: string } | null }>(
    who,
    'StationLog',
    uploadId,
    `file { chunk(number: ${number}) }`,
  );
  return entity?.file ? Buffer.from(entity.file.chunk, 'base64') : (codes[0] ?? 'nothing');
}
const chunksKept = async (uploadId: string) =>
  (await rig.rig.sql('SELECT 1 FROM upload_chunk WHERE upload_id = $1', [uploadId])).length;
const stateOf = async (uploadId: string) =>
  (await rig.rig.sql<{ state: string }>('SELECT state FROM upload WHERE upload_id = $1', [uploadId]))[0]
    ?.state;

describe('a log that a station was asked for', () => {
  it.each([
    ['ocpp1.6', 'DIAGNOSTICS', 'GetDiagnostics'],
    ['ocpp1.6', 'SECURITY', 'GetLog'],
    ['ocpp2.0.1', 'DIAGNOSTICS', 'GetLog'],
    ['ocpp2.1', 'SECURITY', 'GetLog'],
  ])('%s %s is %s with an address of ours', async (subprotocol, kind, action) => {
    const { call, location } = await asked(subprotocol, kind);
    expect(call?.action).toBe(action);
    expect(location).toMatch(new RegExp(`^http://localhost:${rig.gateway.port}/uploads/[A-Za-z0-9_-]{43}/$`));
  });

  it('comes in whole, in pieces, and goes out to operators of the tenant only', async () => {
    const { location, uploadId, station } = await asked();
    const file = randomBytes(600_000);
    expect(await put(`${location}diag.zip`, file)).toBe(201);
    expect(await fileOf(uploadId)).toEqual({
      name: 'diag.zip',
      sizeBytes: 600_000,
      sha256: createHash('sha256').update(file).digest('hex'),
      chunkCount: 3,
    });
    const parts = await Promise.all([0, 1, 2].map((number) => chunkOf(uploadId, number)));
    expect(Buffer.concat(parts as Buffer[]).equals(file)).toBe(true);
    expect(await chunkOf(uploadId, 3)).toBe('NOT_FOUND');
    expect(await fileOf(uploadId, stranger)).toBeNull();
    expect((await rig.rig.entity(driver, 'StationLog', uploadId, 'file { name }')).codes).toEqual([
      'FORBIDDEN',
    ]);
    const told = (await rig.rig.published(events.stationFileUploaded)).filter(
      (event) => event.uploadId === uploadId,
    );
    expect(told).toMatchObject([{ stationId: station.stationId, fileName: 'diag.zip', sizeBytes: 600_000 }]);
  });

  it('Q51: may be sent by POST, to the address as it is, or with the name run into it', async () => {
    const [plain, joined] = [await asked(), await asked()];
    expect(await put(plain.location, 'a', 'POST')).toBe(201);
    expect(await put(`${joined.location.slice(0, -1)}log.txt`, 'b')).toBe(201);
    expect((await fileOf(joined.uploadId))?.name).toBe('log.txt');
  });

  it('repeated with its key is one address, and the command is sent once', async () => {
    const { send, seen, uploadId } = await asked();
    await send();
    expect(seen).toHaveLength(1);
    expect(await rig.rig.sql('SELECT 1 FROM upload WHERE upload_id = $1', [uploadId])).toHaveLength(1);
  });

  it('goes to no address that a service names', async () => {
    const station = rig.provision();
    const request = ocppGateway.SendRequest.fromPartial({
      stationId: station.stationId,
      idempotencyKey: 'k',
      requestLog: {
        requestId: 1,
        kind: 'SECURITY',
        uploadId: randomUUID(),
        location: 'http://evil.example/',
      },
    });
    const sending = rig.rig
      .grpc(ocppGateway.CommandServiceClient)
      .send(request, { tenant: tenantId('demo'), deadlineMs: 5_000 });
    await expect(sending).rejects.toMatchObject({ kind: 'INVALID' });
  });

  it('leaves its token in no record', async () => {
    const { location, station } = await asked();
    const token = location.split('/').at(-2)!;
    const rows = await rig.rig.sql('SELECT payload FROM command_log WHERE station_id = $1', [
      station.stationId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
    await waitFor('the frame in the trace', async () => {
      const frames = await rig.traced(station.stationId);
      expect(JSON.stringify(frames)).not.toContain(token);
      return frames.some(({ text }) => text.includes('/uploads/[redacted]'));
    });
    expect(JSON.stringify(await rig.rig.sql('SELECT * FROM upload'))).not.toContain(token);
  });
});

describe('abuse of an upload', () => {
  it('with a wrong token finds nothing', async () => {
    const { location } = await asked();
    const wrong = location.replace(/[^/]{43}/, 'A'.repeat(43));
    expect(await put(wrong, 'x')).toBe(404);
    expect(await put(location.replace(/[^/]{43}/, 'short'), 'x')).toBe(426);
  });

  it('a second time is refused, and the first file stays', async () => {
    const { location, uploadId } = await asked();
    expect(await put(`${location}a`, 'first')).toBe(201);
    expect(await put(`${location}b`, 'second')).toBe(410);
    expect((await chunkOf(uploadId, 0)).toString()).toBe('first');
  });

  it('after its time is refused', async () => {
    const { location, uploadId } = await asked();
    await rig.rig.sql("UPDATE upload SET expires_at = now() - interval '1 s' WHERE upload_id = $1", [
      uploadId,
    ]);
    expect(await put(location, 'late')).toBe(410);
  });

  it('beyond the size is refused, told or not, and nothing of it is kept', async () => {
    const [told, untold] = [await asked(), await asked()];
    const large = randomBytes(1024 * 1024 + 1);
    expect(await put(told.location, large)).toBe(413);
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(untold.location, { method: 'PUT' }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      // Without a length in the header it is chunked.
      for (let at = 0; at < large.length; at += 65_536) request.write(large.subarray(at, at + 65_536));
      request.end();
    });
    expect(status).toBe(413);
    for (const { uploadId, location } of [told, untold]) {
      expect(await chunksKept(uploadId)).toBe(0);
      expect(await fileOf(uploadId)).toBeNull();
      expect(await put(location, 'small')).toBe(410);
    }
  });

  it('with a path for a name writes nowhere', async () => {
    const { location, uploadId } = await asked();
    const { pathname, port } = new URL(location);
    const status = await new Promise<number>((resolve, reject) => {
      const path = `${pathname}..%2f..%2f..%2fetc%2fpasswd`;
      const request = httpRequest({ port, host: '127.0.0.1', path, method: 'PUT' }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end('root');
    });
    expect(status).toBe(201);
    expect((await fileOf(uploadId))?.name).toBe('passwd');
  });

  it('by another method, or with nothing in it, leaves it open', async () => {
    const { location } = await asked();
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      expect((await fetch(location, { method })).status).toBe(405);
    }
    expect(await put(location, '')).toBe(400);
    expect(await put(location, 'now')).toBe(201);
  });
});

describe('an upload that breaks off', () => {
  it('leaves nothing behind and may be sent again', async () => {
    const { location, uploadId } = await asked();
    const { port, pathname } = new URL(location);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`PUT ${pathname}big.bin HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n`);
    socket.write(Buffer.alloc(300_000));
    await waitFor('the first piece', async () => (await chunksKept(uploadId)) > 0);
    expect(await put(location, 'meanwhile')).toBe(503);
    socket.destroy();
    await waitFor('it to be open again', async () => (await stateOf(uploadId)) === 'OPEN');
    expect(await chunksKept(uploadId)).toBe(0);
    expect(await put(location, 'again')).toBe(201);
    expect((await chunkOf(uploadId, 0)).toString()).toBe('again');
  });
});

describe('old files', () => {
  it('are forgotten with all their pieces', async () => {
    const { location, uploadId } = await asked();
    await put(location, 'old');
    await rig.rig.sql("UPDATE upload SET opened_at = now() - interval '31 days' WHERE upload_id = $1", [
      uploadId,
    ]);
    await rig.rig.running.background.jobs.get('forget-uploads')!.runDue();
    expect(await chunksKept(uploadId)).toBe(0);
    expect(await fileOf(uploadId)).toBeNull();
  });
});

// Last: it uses the pace up, which takes a second to come back.
describe('guessing tokens', () => {
  it('cannot guess fast, and does not shut the others out for long', async () => {
    const { location } = await asked();
    const guesses = Array.from({ length: 120 }, () =>
      put(location.replace(/[^/]{43}/, randomBytes(32).toString('base64url')), 'x'),
    );
    const answers = await Promise.all(guesses);
    expect(new Set(answers)).toEqual(new Set([404, 503]));
    await waitFor('the door to be open again', async () => (await put(location, 'mine')) === 201);
  });
});
