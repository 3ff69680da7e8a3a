import type { SeededRandom } from '@kilowatch/testing';
import type { Fault } from '../fault.js';
import { Bystanders } from '../hostile/bystanders.js';
import { refusals } from '../hostile/gateway-metrics.js';
import { HOSTILE_SYSTEM, hostileStations } from '../hostile/hostile-system.js';
import { clientFrame, OPCODE, RawPeer } from '../hostile/raw-peer.js';
import { judgeBooks } from '../judge-books.js';
import type { Member, Stage } from '../stage.js';

/** CALLERROR with this code; closed with this code; or nothing in particular, as long as the next call is answered. */
type Expected = { readonly error: RegExp } | { readonly close: number } | 'survives';

interface Malformed {
  readonly what: string;
  readonly frame: (random: SeededRandom) => Buffer;
  readonly expected: Expected;
}

const text = (content: string) => clientFrame(OPCODE.text, true, content);
const HEARTBEAT = '[2,"m","Heartbeat",{}]';
const STATUS = { connectorId: 1, errorCode: 'NoError', status: 'Available' };

/** OCPP-J 1.6 section 4.2: the id is "m" wherever one can be read. */
const MALFORMED: readonly Malformed[] = [
  {
    what: 'JSON that ends anywhere',
    frame: (random) => text(HEARTBEAT.slice(0, random.integer(0, HEARTBEAT.length - 1))),
    expected: 'survives',
  },
  {
    what: 'a payload of the wrong types',
    frame: () => text(`[2,"m","StatusNotification",${JSON.stringify({ ...STATUS, connectorId: {} })}]`),
    expected: { error: /^(TypeConstraintViolation|FormationViolation)$/ },
  },
  {
    what: 'a payload without what it needs',
    frame: () => text('[2,"m","StatusNotification",{}]'),
    expected: { error: /^(OccurrenceConstraintViolation|OccurenceConstraintViolation|FormationViolation)$/ },
  },
  {
    what: 'a property twice',
    frame: () => text('[2,"m","Authorize",{"idTag":"A","idTag":"B"}]'),
    expected: { error: /^FormationViolation$/ },
  },
  {
    what: 'an action nobody knows',
    frame: () => text('[2,"m","Teleport",{}]'),
    expected: { error: /^NotImplemented$/ },
  },
  {
    what: 'arrays in arrays without end',
    frame: () =>
      text(`[2,"m","DataTransfer",{"vendorId":"x","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`),
    expected: 'survives',
  },
  {
    what: 'a message id of 50,000 characters',
    frame: () => text(`[2,"${'m'.repeat(50_000)}","Heartbeat",{}]`),
    expected: 'survives',
  },
  { what: 'a number as message id', frame: () => text('[2,1,"Heartbeat",{}]'), expected: 'survives' },
  { what: 'no array', frame: () => text('{"2":"m"}'), expected: 'survives' },
  { what: 'an answer to nothing', frame: () => text('[3,"nothing",{}]'), expected: 'survives' },
  {
    what: 'the prototype of objects',
    frame: () => text('[2,"m","__proto__",{"__proto__":{"x":1}}]'),
    expected: 'survives',
  },
  {
    what: 'bytes that are no UTF-8',
    frame: () => clientFrame(OPCODE.text, true, Buffer.from([0x5b, 0xff, 0xfe, 0x5d])),
    expected: { close: 1007 },
  },
  {
    what: 'a binary frame',
    frame: () => clientFrame(OPCODE.binary, true, HEARTBEAT),
    expected: { close: 1003 },
  },
  { what: 'an opcode that is not in use', frame: () => clientFrame(11, true, ''), expected: { close: 1002 } },
];

const ROUNDS = 5;
const ANSWER_MS = 15_000;

/** Fault 11: what cannot be understood is refused in the words of OCPP-J or costs its own socket, and is counted. */
export const MALFORMED_FRAMES: Fault = {
  name: 'malformed-frames',
  number: 11,
  what: 'frames that are no OCPP, and a StopTransaction that cannot be read: it is set aside and processed after a correction',
  promises: ['P1', 'P2', 'P3', 'P6', 'P7'],
  chargers: 6,
  system: HOSTILE_SYSTEM,
  async play(stage) {
    const identities = await hostileStations(stage, MALFORMED.length);
    const bystanders = new Bystanders(stage);
    const fleet = await stage.fleet(stage.chargers, bystanders.settings);
    const running = await stage.charging(fleet);
    await bystanders.watch(fleet);
    const refusedBefore = await refusals(stage);
    const found = await Promise.all(
      MALFORMED.map((malformed, index) => attack(stage, identities[index]!, malformed)),
    );
    stage.judge('P7', found.flat());
    const counted = (await refusals(stage)) - refusedBefore;
    stage.say(`${MALFORMED.length * ROUNDS} malformed frames, ${counted} counted as refused`);
    stage.judge('P7', counted > 0 ? [] : ['nothing was counted as refused']);
    await stage.readings(running, 2);
    await bystanders.judge(ANSWER_MS);
    await stopThatCannotBeRead(stage, fleet[0]!);
    stage.endAll(fleet);
    await judgeBooks(stage);
  },
};

async function attack(
  stage: Stage,
  identity: string,
  { what, frame, expected }: Malformed,
): Promise<string[]> {
  const random = stage.random.fork();
  const problems: string[] = [];
  for (let round = 0; round < ROUNDS && problems.length === 0; round += 1) {
    const peer = await RawPeer.station(stage.system.ports.ocpp, identity);
    peer.socket.write(frame(random));
    const problem = await answered(peer, expected);
    if (problem) problems.push(`${what}: ${problem}`);
    peer.destroy();
  }
  return problems;
}

async function answered(peer: RawPeer, expected: Expected): Promise<string | undefined> {
  if (expected !== 'survives' && 'close' in expected) {
    await peer.sentAway(ANSWER_MS);
    return peer.closeCode === expected.close
      ? undefined
      : `closed with ${peer.closeCode}, not ${expected.close}`;
  }
  if (expected !== 'survives') {
    await peer.until(() => peer.texts.length > 0, ANSWER_MS);
    const [type, id, code] = JSON.parse(peer.texts[0] ?? '[]') as unknown[];
    if (type !== 4 || id !== 'm' || !expected.error.test(String(code)))
      return `answered ${peer.texts[0]?.slice(0, 100) ?? 'nothing'}`;
  }
  peer.send('[2,"after","Heartbeat",{}]');
  const alive = () => peer.texts.some((line) => line.startsWith('[3,"after"'));
  return (await peer.until(alive, ANSWER_MS))
    ? undefined
    : `no answer to the next call, closed with ${peer.closeCode}`;
}

interface QuarantinedFrame {
  readonly id: string;
  readonly action: string;
  readonly station: { readonly identity: string };
}

/**
 * A charger whose stop is garbled: it is answered, so that its queue moves on; the operator corrects it; then its energy is billed
 * as that of any other.
 */
async function stopThatCannotBeRead(stage: Stage, { charger, token }: Member): Promise<void> {
  // A station that is played by hand, with the card of another; what was played goes into the ledger of that one.
  const [identity] = await hostileStations(stage, 1);
  const peer = await RawPeer.station(stage.system.ports.ocpp, identity!);
  const call = async (id: string, action: string, payload: unknown): Promise<Record<string, unknown>> => {
    const sent = typeof payload === 'string' ? payload : JSON.stringify(payload);
    peer.send(`[2,"${id}","${action}",${sent}]`);
    const mine = () => peer.texts.find((line) => (JSON.parse(line) as unknown[])[1] === id);
    await peer.until(() => mine() !== undefined, ANSWER_MS);
    const [type, , answer] = JSON.parse(mine() ?? '[]') as [number?, string?, Record<string, unknown>?];
    if (type !== 3 || !answer) throw new Error(`${action} got ${mine() ?? 'no answer'}`);
    return answer;
  };
  const startedAt = new Date(charger.time.now());
  const endedAt = new Date(startedAt.getTime() + 1_800_000);
  const start = { connectorId: 1, idTag: token, meterStart: 1_000, timestamp: startedAt.toISOString() };
  await call('b', 'BootNotification', { chargePointVendor: 'Hand', chargePointModel: 'Made' });
  const { transactionId } = await call('s', 'StartTransaction', start);
  await call(
    'e',
    'StopTransaction',
    `{"transactionId":${String(transactionId)},"meterStop":"eight thousand",,}`,
  );
  await call('h', 'Heartbeat', {});
  peer.destroy();
  const { quarantinedFrames } = await stage.people.operator.request<{
    quarantinedFrames: { edges: { node: QuarantinedFrame }[] };
  }>(
    '{ quarantinedFrames(first: 100, filter: { open: true }) { edges { node { id action station { identity } } } } }',
  );
  const frames = quarantinedFrames.edges
    .map(({ node }) => node)
    .filter(({ station }) => station.identity === identity);
  stage.judge(
    'P1',
    frames.map(({ action }) => action).join() === 'StopTransaction'
      ? []
      : [`${frames.length} frames were set aside`],
  );
  const payload = { transactionId, meterStop: 8_000, timestamp: endedAt.toISOString() };
  await stage.people.operator.request(
    'mutation($input: ReplayQuarantinedFrameInput!) { replayQuarantinedFrame(input: $input) { frame { id } } }',
    { input: { frameId: frames[0]?.id, payload } },
  );
  charger.ledger.push({
    identity: identity!,
    evse: 1,
    token,
    transactionId: Number(transactionId),
    startedAt,
    endedAt,
    beginMwh: 1_000_000,
    endMwh: 8_000_000,
    energyMwh: 7_000_000,
    stopReason: 'Local',
    startAcknowledged: true,
    endAcknowledged: true,
    acknowledgedMessages: 2,
    acknowledgedReadings: 0,
    acknowledgedMwh: 8_000_000,
    lostMessages: [],
  });
}
