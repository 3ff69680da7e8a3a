// Real: sockets, Postgres, NATS, gRPC, GraphQL of the service. Played: auth, sessions, metering.
import { randomUUID } from 'node:crypto';
import { auth, sessions } from '@kilowatch/contracts';
import { internal } from '@kilowatch/kernel';
import type { OcppSocket } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

const OPERATOR = { accountId: randomUUID(), tenant: 'demo', role: 'operator' } as const;
const FOREIGN = { ...OPERATOR, tenant: 'other' } as const;
const DRIVER = { ...OPERATOR, role: 'driver' } as const;

let rig: GatewayRig;
const open: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
  rig.peers.reset();
});

interface Held {
  readonly id: string;
  readonly action: string;
  readonly errorCode: string;
  readonly transactionId: string | null;
  readonly text: string;
  readonly repeats: number;
  readonly resolution: string | null;
  readonly resolutionNote: string | null;
}

const FIELDS = 'id action errorCode transactionId text repeats resolution resolutionNote';
type Who = typeof OPERATOR | typeof FOREIGN | typeof DRIVER;

async function held(stationId: string, who: Who = OPERATOR): Promise<Held[]> {
  const { data } = await rig.rig.graphql<{ quarantinedFrames: { edges: { node: Held }[] } }>(
    who,
    `query($s: ID) { quarantinedFrames(first: 10, filter: { stationId: $s, open: true }) { edges { node { ${FIELDS} } } } }`,
    { s: stationId },
  );
  return data?.quarantinedFrames.edges.map(({ node }) => node) ?? [];
}

async function replay(frameId: string, payload?: object, who: Who = OPERATOR) {
  const { data, errors, codes } = await rig.rig.graphql<{ replayQuarantinedFrame: { frame: Held } }>(
    who,
    `mutation($input: ReplayQuarantinedFrameInput!) { replayQuarantinedFrame(input: $input) { frame { ${FIELDS} } } }`,
    { input: { frameId, ...(payload ? { payload } : {}) } },
  );
  return { frame: data?.replayQuarantinedFrame.frame, errors, codes };
}

async function dismiss(frameId: string, reason: string) {
  const { data, codes } = await rig.rig.graphql<{ dismissQuarantinedFrame: { frame: Held } }>(
    OPERATOR,
    `mutation($input: DismissQuarantinedFrameInput!) { dismissQuarantinedFrame(input: $input) { frame { ${FIELDS} } } }`,
    { input: { frameId, reason } },
  );
  return { frame: data?.dismissQuarantinedFrame.frame, codes };
}

/** A station whose StartTransaction broke our own code. */
async function setAside(action = 'StartTransaction', payload: object = START) {
  const known = rig.provision();
  const socket = await rig.connect(known);
  open.push(socket);
  rig.peers.transaction.fails(internal('BUG', 'ours'));
  const answer = await socket.call(action, () => ({ ...payload }));
  rig.peers.reset();
  const [frame] = await held(known.stationId);
  return { known, socket, answer, frame: frame! };
}

const START = {
  connectorId: 1,
  idTag: '04A1B2C3D4E5F6',
  meterStart: 1000,
  timestamp: '2026-11-28T10:00:00.000Z',
};

describe('a message that was kept raw', () => {
  it('is shown to operators of the tenant, without its card', async () => {
    const { known, answer, frame } = await setAside();
    expect(frame).toMatchObject({ action: 'StartTransaction', errorCode: 'BUG', resolution: null });
    expect(frame.transactionId).toBe(String(answer['transactionId']));
    expect(frame.text).not.toContain('04A1B2');
    expect(await held(known.stationId, FOREIGN)).toEqual([]);
    const { codes } = await rig.rig.graphql(DRIVER, '{ quarantinedFrames(first: 1) { edges { cursor } } }');
    expect(codes).toEqual(['FORBIDDEN']);
  });

  it('is answered by what auth says of its card when it is a start, and Blocked where nobody can say', async () => {
    const socket = await rig.connect(rig.provision());
    open.push(socket);
    const start = async (payload: object) => {
      rig.peers.transaction.fails(internal('BUG', 'ours'));
      const answer = await socket.call('StartTransaction', () => ({ ...payload }));
      expect(answer['transactionId']).toBeGreaterThan(0);
      return answer['idTagInfo'];
    };
    expect(await start(START)).toEqual({ status: 'Accepted', parentIdTag: 'GROUP' });
    expect(rig.peers.decide.last).toMatchObject({
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_START,
      idToken: { value: START.idTag, type: 'ISO14443' },
      evseNumber: 1,
    });
    const blocked = { status: auth.DecisionStatus.DECISION_STATUS_BLOCKED };
    rig.peers.decide.does(() => auth.DecideResponse.fromPartial(blocked));
    expect(await start(START)).toEqual({ status: 'Blocked' });
    rig.peers.decide.fails(internal('BUG', 'ours'));
    expect(await start(START)).toEqual({ status: 'Blocked' });
    const asked = rig.peers.decide.requests.length;
    const { idTag: _, ...unnamed } = START;
    expect(await start(unnamed)).toEqual({ status: 'Blocked' });
    expect(rig.peers.decide.requests).toHaveLength(asked);
  });

  it('takes effect when it is replayed, under the transaction id that the charger was given', async () => {
    const { known, answer, frame } = await setAside();
    const { frame: resolved } = await replay(frame.id);
    expect(resolved).toMatchObject({ resolution: 'REPLAYED' });
    expect(rig.peers.transaction.last).toMatchObject({
      stationId: known.stationId,
      kind: sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_STARTED,
      idToken: { value: START.idTag },
      occurredAt: new Date(START.timestamp),
      assignedTransactionRef: String(answer['transactionId']),
    });
    expect(await held(known.stationId)).toEqual([]);
  });

  it('is replayed once', async () => {
    const { frame } = await setAside();
    await replay(frame.id);
    await replay(frame.id);
    expect(rig.peers.transaction.requests).toHaveLength(1);
  });

  it('stays open, and says where it is wrong, while it cannot be processed', async () => {
    const known = rig.provision();
    const socket = await rig.connect(known);
    open.push(socket);
    await socket.call('StopTransaction', () => ({
      transactionId: 'what?',
      meterStop: 10,
      timestamp: START.timestamp,
    }));
    const [frame] = await held(known.stationId);
    const { errors, codes } = await replay(frame!.id);
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]!.message).toContain('/transactionId');
    expect(await held(known.stationId)).toHaveLength(1);
    const corrected = { transactionId: 4711, meterStop: 10, timestamp: START.timestamp };
    expect((await replay(frame!.id, corrected)).frame).toMatchObject({
      resolution: 'REPLAYED',
      resolutionNote: 'with a corrected payload',
    });
    expect(rig.peers.transaction.last).toMatchObject({ transactionRef: '4711' });
  });

  it('that nobody can read needs its payload', async () => {
    const known = rig.provision();
    const socket = await rig.connect(known);
    open.push(socket);
    socket.sendRaw('[2,"x","StopTransaction",{"transactionId":1,"meterStop":');
    await socket.call('Heartbeat', () => ({}));
    const [frame] = await held(known.stationId);
    expect((await replay(frame!.id)).codes).toEqual(['BAD_USER_INPUT']);
    expect(
      (await replay(frame!.id, { transactionId: 1, meterStop: 5, timestamp: START.timestamp })).codes,
    ).toEqual([]);
  });

  it('is dismissed with a reason, and not replayed after that', async () => {
    const { known, frame } = await setAside();
    expect((await dismiss(frame.id, '  ')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await dismiss(frame.id, 'test of the installer')).frame).toMatchObject({
      resolution: 'DISMISSED',
      resolutionNote: 'test of the installer',
    });
    expect((await replay(frame.id)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await held(known.stationId)).toEqual([]);
  });

  it('of another tenant does not exist', async () => {
    const { frame } = await setAside();
    expect((await replay(frame.id, undefined, FOREIGN)).codes).toEqual(['NOT_FOUND']);
    expect((await replay('no-uuid')).codes).toEqual(['NOT_FOUND']);
  });
});
