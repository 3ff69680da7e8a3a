import type { Fault } from '../fault.js';
import { Bystanders } from '../hostile/bystanders.js';
import { HOSTILE_SYSTEM, hostileStations } from '../hostile/hostile-system.js';
import { clientFrame, frameHead, OPCODE, RawPeer } from '../hostile/raw-peer.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

interface Bomb {
  readonly what: string;
  readonly closes: readonly number[];
  /** Writes until it is sent away, or has written far more than it may. */
  readonly throwAt: (peer: RawPeer) => void;
}

const KB = Buffer.alloc(1_024, 0x20);

/** 1009 is too large (RFC 6455 section 7.4.1), 1008 is a limit of ours. */
const BOMBS: readonly Bomb[] = [
  {
    what: 'a frame of 4 MiB',
    closes: [1009],
    throwAt: (peer) => peer.socket.write(clientFrame(OPCODE.text, true, Buffer.alloc(4 * 1024 * 1024, 0x20))),
  },
  {
    what: 'a frame that promises 1 TiB',
    closes: [1009],
    throwAt: (peer) => {
      peer.socket.write(frameHead(OPCODE.text, true, 2 ** 40));
      peer.socket.write(KB);
    },
  },
  {
    what: 'fragments of one byte without end',
    closes: [1008, 1009],
    throwAt: (peer) => {
      peer.socket.write(clientFrame(OPCODE.text, false, '['));
      const byte = clientFrame(OPCODE.continuation, false, ' ');
      peer.socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => byte)));
    },
  },
  {
    what: 'empty fragments without end',
    closes: [1008, 1009],
    throwAt: (peer) => {
      peer.socket.write(clientFrame(OPCODE.text, false, ''));
      const nothing = clientFrame(OPCODE.continuation, false, '');
      peer.socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => nothing)));
    },
  },
  {
    what: 'fragments of 1 KiB without end',
    closes: [1008, 1009],
    throwAt: (peer) => {
      peer.socket.write(clientFrame(OPCODE.text, false, '['));
      const piece = clientFrame(OPCODE.continuation, false, KB);
      peer.socket.write(Buffer.concat(Array.from({ length: 4_000 }, () => piece)));
    },
  },
];

const OF_EACH = 8;
const WAVES = 5;
const CLOSED_MS = 20_000;
const ANSWER_MS = 15_000;

/** Fault 12: messages that are too large, or never end, are cut off at the limit, not gathered. */
export const FRAME_BOMBS: Fault = {
  name: 'frame-bombs',
  number: 12,
  what: `oversized frames and endless fragments, ${BOMBS.length * OF_EACH} at a time`,
  promises: ['P1', 'P2', 'P3', 'P6', 'P7'],
  chargers: 6,
  system: HOSTILE_SYSTEM,
  async play(stage) {
    const identities = await hostileStations(stage, BOMBS.length * OF_EACH);
    const bystanders = new Bystanders(stage);
    const fleet = await stage.fleet(stage.chargers, bystanders.settings);
    const running = await stage.charging(fleet);
    await bystanders.watch(fleet);
    for (let wave = 0; wave < WAVES; wave += 1) {
      const attackers = identities.map((identity, index) =>
        bomb(stage, identity, BOMBS[index % BOMBS.length]!),
      );
      stage.judge('P7', (await Promise.all(attackers)).flat());
    }
    await stage.readings(running, 2);
    await bystanders.judge(ANSWER_MS);
    stage.endAll(fleet);
    await judgeBooks(stage);
  },
};

async function bomb(stage: Stage, identity: string, { what, closes, throwAt }: Bomb): Promise<string[]> {
  const peer = await RawPeer.station(stage.system.ports.ocpp, identity);
  throwAt(peer);
  const away = await peer.sentAway(CLOSED_MS);
  peer.destroy();
  if (!away) return [`${what}: still connected after ${CLOSED_MS / 1000} s`];
  // A connection that is reset while more is on its way may lose the close frame.
  return peer.closeCode === undefined || closes.includes(peer.closeCode)
    ? []
    : [`${what}: closed with ${peer.closeCode}, not ${closes.join(' or ')}`];
}
