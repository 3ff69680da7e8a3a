// Real: every service as a process. What a charger or a stranger may send wrongly, at the front door.
import { waitFor } from '@kilowatch/testing';
import { DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import pg from 'pg';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

let sut: SystemUnderTest;
beforeAll(async () => {
  sut = await SystemUnderTest.start();
});
afterAll(async () => {
  await sut?.stop();
});

interface Door {
  /** `HTTP 401`, or what the client says of an upgrade that agreed on nothing; empty when the door opened. */
  readonly refusal: string;
  readonly socket: WebSocket | undefined;
}

function knock(identity: string, options: { password?: string; protocols?: string[] } = {}): Promise<Door> {
  const auth = options.password === undefined ? {} : { auth: `${identity}:${options.password}` };
  const socket = new WebSocket(`${sut.system.ocppUrl}/${identity}`, options.protocols ?? ['ocpp1.6'], auth);
  return new Promise((resolve) => {
    socket.once('open', () => resolve({ refusal: '', socket }));
    socket.once('unexpected-response', (_request, response) => {
      resolve({ refusal: `HTTP ${response.statusCode}`, socket: undefined });
      response.destroy();
    });
    socket.on('error', (error) => resolve({ refusal: error.message, socket: undefined }));
  });
}

async function connected(): Promise<{
  say: (text: string) => void;
  heard: string[];
  closed: Promise<number>;
}> {
  const { socket } = await knock('KW-SQUARE-1', { password: DEMO_STATION_PASSWORD });
  const heard: string[] = [];
  socket!.on('message', (data) => heard.push(String(data)));
  const closed = new Promise<number>((resolve) => socket!.once('close', (code) => resolve(code)));
  return { say: (text) => socket!.send(text), heard, closed };
}

/** Actions of the frames that were kept raw. */
async function quarantined(): Promise<string[]> {
  const client = new pg.Client({ connectionString: sut.system.addresses.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ action: string }>(
      'select action from ocpp_gateway.quarantined_frame',
    );
    return rows.map(({ action }) => action);
  } finally {
    await client.end();
  }
}

describe('at the door', () => {
  it.each([
    ['an unknown station', 'NOBODY', { password: DEMO_STATION_PASSWORD }, /^HTTP 404$/],
    ['a wrong password', 'KW-SQUARE-1', { password: 'not-the-password-1' }, /^HTTP 401$/],
    ['no password', 'KW-SQUARE-1', {}, /^HTTP 401$/],
    ['no subprotocol', 'KW-SQUARE-1', { password: DEMO_STATION_PASSWORD, protocols: [] }, /^HTTP 400$/],
    [
      'a subprotocol we do not speak',
      'KW-SQUARE-1',
      { password: DEMO_STATION_PASSWORD, protocols: ['ocpp1.5'] },
      /no subprotocol/,
    ],
  ])('refuses %s', async (_name, identity, options, refusal) => {
    const door = await knock(identity, options);
    expect(door.socket).toBeUndefined();
    expect(door.refusal).toMatch(refusal);
  });
});

describe('on the socket', () => {
  it('answers what it cannot read and lives on', async () => {
    const station = await connected();
    station.say('{"no": "frame"');
    station.say('[2,"1","MakeCoffee",{}]');
    station.say(
      '[2,"2","StatusNotification",{"connectorId":"one","errorCode":"NoError","status":"Available"}]',
    );
    station.say('[2,"3","Heartbeat",{}]');
    await waitFor('the heartbeat to be answered', () =>
      station.heard.some((text) => text.startsWith('[3,"3"')),
    );
    const answerTo = (id: string) =>
      JSON.parse(station.heard.find((text) => text.includes(`"${id}"`))!) as unknown[];
    expect(answerTo('1').slice(0, 3)).toEqual([4, '1', 'NotImplemented']);
    expect(answerTo('2').slice(0, 3)).toEqual([4, '2', 'TypeConstraintViolation']);
  });

  it('keeps a transaction message it cannot process and answers it, so that the charger moves on', async () => {
    const station = await connected();
    station.say('[2,"stop","StopTransaction",{"transactionId":"what?","meterStop":-5}]');
    await waitFor('an answer', () => station.heard.length > 0);
    const [type, id] = JSON.parse(station.heard[0]!) as unknown[];
    expect([type, id]).toEqual([3, 'stop']);
    expect(await quarantined()).toContain('StopTransaction');
  });

  it('closes on a frame beyond its size', async () => {
    const station = await connected();
    station.say(`[2,"big","DataTransfer",{"vendorId":"x","data":"${'x'.repeat(3_000_000)}"}]`);
    expect(await station.closed).toBe(1009);
  });
});

describe('at the API', () => {
  const post = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(sut.system.graphqlUrl, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('refuses batches, forms, deep questions and floods of aliases, each with a code that says so', async () => {
    const refused = await Promise.all([
      post([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
      post('query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
      post({ query: `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: __typename`).join(' ')} }` }),
      post({
        query: `{ session(id: "x") { ${'station { activeSessions { '.repeat(6)} id ${'} } '.repeat(6)} } }`,
      }),
    ]);
    for (const response of refused) {
      const text = await response.text();
      expect(response.ok && !text.includes('"errors"'), text).toBe(false);
    }
  });

  it('never shows a stack trace', async () => {
    const text = await (await post({ query: '{ stations(first: 0) { nothing } }' })).text();
    expect(text).toContain('errors');
    expect(text).not.toMatch(/node_modules|\.js:\d+|stacktrace/);
  });
});
