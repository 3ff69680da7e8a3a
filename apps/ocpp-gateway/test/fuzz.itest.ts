// Real: sockets, Postgres, NATS. Played over real gRPC: auth, sessions, metering. Spoiled and invented frames on the sockets of
// three versions, beside a charger that works. KW_FUZZ_RUNS and KW_FUZZ_SEED set how many and which (`npm run fuzz`).
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sessions } from '@kilowatch/contracts';
import { internal, unavailable } from '@kilowatch/kernel';
import { OCPP_VERSIONS, SUBPROTOCOLS, TypedOcppSchemas, type OcppVersion } from '@kilowatch/ocpp';
import { waitFor } from '@kilowatch/testing';
import { fuzzedTexts } from '@kilowatch/testing/fuzz';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { GatewayRig } from './gateway-rig.js';

const RUNS = Number(process.env['KW_FUZZ_RUNS'] ?? 300);
const SEED = Number(process.env['KW_FUZZ_SEED'] ?? randomInt(2 ** 31));
/** Frames sent at once: fewer than a socket's queue takes. */
const BATCH = 20;
const GROWTH_BYTES = 64 * 1024 * 1024;
const LONGEST_ANSWER = 10_000;

const schemas = new TypedOcppSchemas();
const strays: unknown[] = [];
const stray = (reason: unknown) => void strays.push(reason);
let rig: GatewayRig;
beforeAll(async () => {
  process.on('unhandledRejection', stray);
  rig = await GatewayRig.start();
  // Some of what is understood finds its service away or broken.
  rig.peers.transaction.does(({ transactionRef }) => {
    const turn = rig.peers.transaction.requests.length % 30;
    // Several in a row: the gateway tries again by itself.
    if (turn >= 4 && turn <= 9) throw unavailable('DOWN', 'x');
    if (turn === 20) throw internal('BUG', 'x');
    return sessions.RecordTransactionEventResponse.fromPartial({ transactionRef: transactionRef || '4711' });
  });
});
afterAll(async () => {
  await rig.close();
  process.off('unhandledRejection', stray);
});

/** A socket that says anything, and comes back when it is shown the door. */
class Fuzzer {
  readonly received: string[] = [];
  reconnects = -1;
  private readonly identity = rig.provision().identity;
  private ws: WebSocket | undefined;

  constructor(readonly version: OcppVersion) {}

  async say(texts: readonly string[]): Promise<void> {
    const ws = await this.socket();
    const marker = `marker-${this.reconnects}-${this.received.length}`;
    for (const text of texts) ws.send(text);
    ws.send(JSON.stringify([2, marker, 'Heartbeat', {}]));
    await waitFor(
      'the answers, or the end of the socket',
      () => ws.readyState === WebSocket.CLOSED || this.received.some((text) => text.includes(marker)),
      { timeoutMs: 30_000 },
    );
  }

  close(): void {
    this.ws?.terminate();
  }

  private async socket(): Promise<WebSocket> {
    if (this.ws?.readyState === WebSocket.OPEN) return this.ws;
    const url = `ws://127.0.0.1:${rig.gateway.port}/ocpp/${this.identity}`;
    const ws = new WebSocket(url, [SUBPROTOCOLS[this.version]]);
    ws.on('message', (data: Buffer) => this.received.push(data.toString()));
    ws.on('error', () => undefined);
    await once(ws, 'open');
    this.ws = ws;
    this.reconnects++;
    return ws;
  }
}

/** Actions by the ids they were sent with; one id may have been used for several. */
function actionsById(texts: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const text of texts) {
    // As it arrives: half a character does not survive UTF-8.
    const [, id, action] = partsOf(Buffer.from(text).toString());
    if (typeof id !== 'string' && typeof id !== 'number') continue;
    const actions = found.get(String(id)) ?? new Set<string>();
    found.set(String(id), typeof action === 'string' ? actions.add(action) : actions);
  }
  return found;
}

function partsOf(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch {
    // Broken transaction calls are answered by what can be read of them.
  }
  return [...(/^\s*\[\s*(2)\s*,\s*"([^"]*)"(?:\s*,\s*"(\w*)")?/.exec(text) ?? [])].slice(1);
}

/** What is wrong with an answer; null when it is as the protocol wants. */
function faultOf(version: OcppVersion, answer: string, sent: Map<string, Set<string>>): string | null {
  const [type, id, first, description] = JSON.parse(answer) as [number, string, unknown, string];
  if (answer.length > LONGEST_ANSWER) return 'too long';
  // CALLRESULTERROR is 2.1's: for an answer of the station that is no message.
  if (type === 4 || (type === 5 && version === '2.1')) {
    if (!/^[A-Z][A-Za-z]{5,40}$/.test(String(first)) || description.length > 255) return 'a strange error';
    return id === '-1' || sent.has(id) ? null : 'an error for nobody';
  }
  if (type !== 3) return 'neither result nor error';
  const actions = [...(sent.get(id) ?? [])];
  if (actions.length === 0) return 'a result for nobody';
  const fits = actions.some(
    (action) => schemas.validateOutbound(version, action, 'response', first as never).ok,
  );
  return fits ? null : `no answer to ${actions.join()}`;
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('chargers that say anything', () => {
  it(
    `get valid answers or are shown the door, the gateway lives and others do not notice (${RUNS} frames)`,
    async () => {
      const neighbour = await rig.connect(rig.provision());
      const fuzzers = OCPP_VERSIONS.map((version) => new Fuzzer(version));
      const texts = fuzzers.map(({ version }, i) =>
        fc.sample(fuzzedTexts(version), { seed: SEED + i, numRuns: Math.ceil(RUNS / fuzzers.length) }),
      );
      let before = 0;
      let slowestMs = 0;
      let judged = 0;
      for (let at = 0; at < texts[0]!.length; at += BATCH) {
        const batches = texts.map((all) => all.slice(at, at + BATCH));
        const started = performance.now();
        await Promise.all([
          ...fuzzers.map((fuzzer, i) => fuzzer.say(batches[i]!)),
          neighbour
            .call('Heartbeat', () => ({}))
            .then(() => (slowestMs = Math.max(slowestMs, performance.now() - started))),
        ]);
        fuzzers.forEach(({ version, received }, i) => {
          const sent = actionsById(batches[i]!);
          for (const answer of received.splice(0)) {
            judged++;
            if (answer.includes('marker-')) continue;
            expect(faultOf(version, answer, sent), `seed ${SEED}: ${answer}`).toBeNull();
          }
        });
        // Validators and pools are there after the first rounds.
        if (at <= BATCH) before = heapBytes();
      }
      for (const fuzzer of fuzzers) fuzzer.close();
      const growth = heapBytes() - before;
      process.stdout.write(
        `fuzz: seed ${SEED}, ${RUNS} frames, ${judged} answers, ` +
          `${fuzzers.map((fuzzer) => fuzzer.reconnects).join('+')} doors shown, ` +
          `neighbour waited ${slowestMs.toFixed(0)} ms at most, heap grew ${(growth / 1024 / 1024).toFixed(1)} MB\n`,
      );
      expect(judged).toBeGreaterThan(RUNS / 4);
      expect(growth).toBeLessThan(GROWTH_BYTES);
      expect(slowestMs).toBeLessThan(5_000);
      expect(neighbour.isOpen).toBe(true);
      neighbour.close();
      const later = await rig.connect(rig.provision());
      expect(await later.call('Heartbeat', () => ({}))).toHaveProperty('currentTime');
      later.close();
      expect(strays).toEqual([]);
    },
    60_000 + RUNS * 50,
  );
});
