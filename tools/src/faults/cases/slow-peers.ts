import type { Fault } from '../fault.js';
import { Bystanders } from '../hostile/bystanders.js';
import { HOSTILE_SYSTEM, hostileStations, PING_S } from '../hostile/hostile-system.js';
import { RawPeer } from '../hostile/raw-peer.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

/** Of 500: what each kind of them does. */
const DRIPPING = 200;
const SILENT = 150;
const MUTE = 148;
const DEAF = 2;

/** Headers are waited for 10 s, and looked at every 2 s. */
const HEADERS_S = 12;
/** The last sign of life may be just after a ping: that one, and two more that are missed. */
const TWO_PINGS_S = 3 * PING_S + 1;
/** A busy machine is late, and these are deadlines of the gateway's own. */
const SLACK_S = 8;
const ANSWER_MS = 15_000;
const DRIP_MS = 1_000;
/** Two kernels hold some 4 MB that nobody reads before we hold any: so many answers of 350 bytes take their time. */
const DEAF_CALLS = 200;
const DEAF_EVERY_MS = 200;
const DEAF_FILLS_S = 80;
/** Comes back in each answer. */
const LONG_ID = 'i'.repeat(230);
/** Long enough that what the gateway reads at once (64 KB) holds fewer than it queues (256): that is another limit. */
const PADDING = 'x'.repeat(128);
/** Of ours that it has not read yet. */
const MOST_UNREAD = 128 * 1024;
/** What is written must be read within 20 s; 1 MiB unread is the end before that. */
const WRITE_S = 20;

/** Fault 13: who only keeps us waiting is let go of, each kind at its own deadline. */
export const SLOW_PEERS: Fault = {
  name: 'slow-peers',
  number: 13,
  what: '500 raw sockets: headers in drips, nothing said before and after the upgrade, answers never read',
  promises: ['P1', 'P2', 'P3', 'P6', 'P7'],
  chargers: 6,
  system: HOSTILE_SYSTEM,
  async play(stage) {
    const identities = await hostileStations(stage, MUTE + DEAF);
    const bystanders = new Bystanders(stage);
    const fleet = await stage.fleet(stage.chargers, bystanders.settings);
    const running = await stage.charging(fleet);
    await bystanders.watch(fleet);
    const kinds = await Promise.all([
      many(DRIPPING, () => drip(stage)),
      many(SILENT, () => saysNothing(stage)),
      many(MUTE, (index) => mute(stage, identities[index]!)),
      many(DEAF, (index) => deaf(stage, identities[MUTE + index]!)),
    ]);
    const names = [
      'headers in drips',
      'nothing said',
      'nothing said after the upgrade',
      'answers never read',
    ];
    kinds.forEach((seconds, kind) => {
      const away = seconds.filter((one) => one !== undefined);
      stage.say(
        `${names[kind]}: ${away.length} of ${seconds.length} let go of, the last after ${Math.max(0, ...away).toFixed(1)} s`,
      );
      const staying = seconds.length - away.length;
      stage.judge(
        'P7',
        staying === 0 ? [] : [`${names[kind]}: ${staying} of ${seconds.length} are still connected`],
      );
    });
    await stage.readings(running, 2);
    await bystanders.judge(ANSWER_MS);
    stage.endAll(fleet);
    await judgeBooks(stage);
  },
};

/** Seconds until it was let go of; undefined: it was not, in time. */
type Ended = number | undefined;

function many(count: number, one: (index: number) => Promise<Ended>): Promise<Ended[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)));
}

async function drip(stage: Stage): Promise<Ended> {
  const peer = await RawPeer.connect(stage.system.ports.ocpp);
  peer.socket.write('GET /ocpp/CP HTTP/1.1\r\nHost: x\r\n');
  const timer = setInterval(() => peer.socket.write('X'), DRIP_MS);
  const ended = await secondsUntilGone(peer, HEADERS_S);
  clearInterval(timer);
  return ended;
}

async function saysNothing(stage: Stage): Promise<Ended> {
  return secondsUntilGone(await RawPeer.connect(stage.system.ports.ocpp), HEADERS_S);
}

/** Raw peers answer no pings. */
async function mute(stage: Stage, identity: string): Promise<Ended> {
  return secondsUntilGone(await patientStation(stage, identity), TWO_PINGS_S);
}

/** Asks and asks and reads none of the answers: its calls are signs of life, its answers fill our memory. */
async function deaf(stage: Stage, identity: string): Promise<Ended> {
  const peer = await patientStation(stage, identity);
  peer.socket.pause();
  let round = 0;
  const timer = setInterval(() => {
    if (peer.socket.writableLength > MOST_UNREAD) return;
    const calls = Array.from(
      { length: DEAF_CALLS },
      (_, index) => `[2,"${LONG_ID}-${round}-${index}","Teleport",{"padding":"${PADDING}"}]`,
    );
    round += 1;
    calls.forEach((call) => peer.send(call));
  }, DEAF_EVERY_MS);
  const ended = await secondsUntilGone(peer, DEAF_FILLS_S + WRITE_S);
  clearInterval(timer);
  return ended;
}

/** Let in sooner or later: so many come at once that some are told to come back. */
async function patientStation(stage: Stage, identity: string): Promise<RawPeer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await RawPeer.station(stage.system.ports.ocpp, identity);
    } catch (error) {
      if (attempt >= 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, stage.random.integer(500, 1_500)));
    }
  }
}

async function secondsUntilGone(peer: RawPeer, withinS: number): Promise<Ended> {
  const began = performance.now();
  const away = await peer.sentAway((withinS + SLACK_S) * 1000);
  peer.destroy();
  return away ? (performance.now() - began) / 1000 : undefined;
}
