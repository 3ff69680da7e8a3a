// Whatever arrives is answered as the protocol wants or not at all: from text over parsing, checking and mapping to the answer.
// KW_FUZZ_RUNS and KW_FUZZ_SEED set how much and which (`npm run fuzz`).
import { randomInt } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzzedFrames } from '@kilowatch/testing/fuzz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerPayload,
  callErrorText,
  callResultText,
  errorCode,
  isTransactionAction,
  mapCall,
  MAX_DEVIATIONS,
  neutralAnswer,
  parseFrame,
  STATION_ACTIONS,
  TypedOcppSchemas,
  type CallFrame,
  type ChargerAnswer,
  type ChargerMessage,
  type OcppVersion,
  type TokenAnswer,
} from '../index.js';

const RUNS = Number(process.env['KW_FUZZ_RUNS'] ?? 2_000);
const SEED = Number(process.env['KW_FUZZ_SEED'] ?? randomInt(2 ** 31));
const SLOWEST_MS = 1_000;
const GROWTH_BYTES = 48 * 1024 * 1024;

const NOW = new Date('2026-11-21T02:00:00.000Z');
const schemas = new TypedOcppSchemas();
const seen = new Map<string, number>();

function count(what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

interface Decisions {
  readonly boot: 'Accepted' | 'Pending' | 'Rejected';
  readonly token: TokenAnswer;
  readonly data: string | null;
}

const decisions: fc.Arbitrary<Decisions> = fc.record({
  boot: fc.constantFrom('Accepted', 'Pending', 'Rejected'),
  token: fc.record({
    status: fc.constantFrom(
      'Accepted',
      'Blocked',
      'ConcurrentTx',
      'Expired',
      'Invalid',
      'NoCredit',
      'Unknown',
    ),
    groupId: fc.option(fc.string({ minLength: 1, maxLength: 36 })),
    cacheExpiry: fc.option(fc.constant(NOW)),
  }),
  data: fc.option(fc.string({ maxLength: 200 })),
});

function answerTo(message: ChargerMessage, { boot, token, data }: Decisions): ChargerAnswer | null {
  if (message.type === 'boot') return { type: 'boot', status: boot, currentTime: NOW, intervalSeconds: 300 };
  if (message.type === 'heartbeat') return { type: 'heartbeat', currentTime: NOW };
  if (message.type === 'authorize') return { type: 'authorize', token };
  if (message.type === 'transaction') {
    const transactionRef = message.transactionRef ?? '17';
    return { type: 'transaction', transactionRef, token: message.idToken && token };
  }
  if (message.type === 'dataTransfer') return { type: 'dataTransfer', status: 'Accepted', data };
  if (message.type === 'dynamicScheduleAsked')
    return { type: 'dynamicSchedule', limits: boot === 'Accepted' ? { limit: 16, setpointL2: -1.5 } : null };
  if (
    message.type === 'eventStreamOpened' ||
    message.type === 'chargingNeeds' ||
    message.type === 'carSchedule' ||
    message.type === 'signCertificate'
  )
    return {
      type: 'status',
      status: boot === 'Accepted' ? boot : 'Rejected',
      reason: data ? { code: data } : null,
    };
  if (message.type === 'vatNumber') {
    const { vatNumber, evseNumber } = message;
    const reason = { code: 'FormatOnly', text: data ?? '' };
    return { type: 'vatNumber', accepted: boot === 'Accepted', vatNumber, evseNumber, reason, company: null };
  }
  const accepted = boot === 'Accepted';
  const reason = data ? { code: data, text: data } : null;
  if (message.type === 'contractCertificate')
    return { type: 'contractCertificate', accepted, exiResponse: 'gA==', remaining: null, reason };
  if (message.type === 'certificateStatus')
    return { type: 'certificateStatus', ocspResult: accepted ? 'MAM=' : null, reason };
  if (message.type === 'chainStatus') {
    const certificates = message.certificates.map(
      (one) => ({ ...one, status: 'Good', nextUpdate: NOW }) as const,
    );
    return { type: 'chainStatus', certificates };
  }
  // Values of a stream are a SEND: as a call they are refused.
  return message.type === 'other' || message.type === 'eventStreamData' ? null : { type: 'empty' };
}

/** The way of a CALL as the gateway goes it, without the services behind. */
function answerOf(version: OcppVersion, { id, action, payload }: CallFrame, decided: Decisions): string {
  const neutral = () => {
    const answer = neutralAnswer(version, action, NOW, payload);
    return answer.kind === 'result'
      ? callResultText(id, answer.payload)
      : callErrorText(id, answer.code, answer.description);
  };
  if (!STATION_ACTIONS[version].has(action)) return neutral();
  const check = schemas.validateInbound(version, action, 'request', payload);
  expect(check.deviations.length).toBeLessThanOrEqual(MAX_DEVIATIONS);
  count(!check.ok ? 'not understood' : check.deviations.length > 0 ? 'tolerated' : 'understood');
  if (!check.ok) {
    // A transaction message goes to quarantine and is answered; all else is told what is wrong.
    if (!isTransactionAction(action))
      return callErrorText(id, errorCode(version, check.problem.fault), check.problem.text);
    const kept: ChargerAnswer = { type: 'transaction', transactionRef: '4711', token: null };
    return callResultText(id, action === 'MeterValues' ? {} : answerPayload(version, action, kept));
  }
  const { message } = mapCall(version, action, check.payload, { receivedAt: NOW });
  if ('occurredAt' in message && message.occurredAt !== null)
    expect(Number.isNaN(message.occurredAt.getTime())).toBe(false);
  const answer = answerTo(message, decided);
  return answer ? callResultText(id, answerPayload(version, action, answer)) : neutral();
}

/** CALLERROR, but CALLRESULTERROR for an unusable answer of a 2.1 station (2.1 part 4 section 4.2.4). */
const CALL_ERROR = 4;
const CALL_RESULT_ERROR = 5;

function expectValid(
  version: OcppVersion,
  answer: string,
  action: string | null,
  id: string | null,
  refusal = CALL_ERROR,
): void {
  expect(answer.length).toBeLessThan(10_000);
  const [type, answeredId, first, description, details] = JSON.parse(answer) as unknown[];
  if (id !== null) expect(answeredId).toBe(id);
  if (type === 3 && action !== null) {
    expect(schemas.validateOutbound(version, action, 'response', first as never)).toEqual({ ok: true });
    return;
  }
  expect(type).toBe(refusal);
  expect(first).toMatch(/^[A-Z][A-Za-z]{5,40}$/);
  expect(String(description).length).toBeLessThanOrEqual(255);
  expect(details).toEqual({});
}

/** What is really held, garbage taken out. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('any text on a charger socket', () => {
  it(
    `is answered by the letter of the schema, without a crash and in bounded memory (${RUNS} runs)`,
    () => {
      let slowestMs = 0;
      const property = fc.property(fuzzedFrames(), decisions, ({ version, text }, decided) => {
        const started = process.hrtime.bigint();
        const frame = parseFrame(text, version);
        count(frame.kind);
        if (frame.kind === 'call')
          expectValid(version, answerOf(version, frame, decided), frame.action, frame.id);
        if (frame.kind === 'invalid' && frame.reply !== null) {
          const refusal = frame.answersCall === null ? CALL_ERROR : CALL_RESULT_ERROR;
          expectValid(version, frame.reply, null, null, refusal);
        }
        slowestMs = Math.max(slowestMs, Number(process.hrtime.bigint() - started) / 1e6);
      });
      // Validators are compiled at first use and kept: they are no growth.
      fc.assert(property, { seed: SEED, numRuns: Math.min(RUNS, 2_000) });
      const before = heapBytes();
      if (RUNS > 2_000) fc.assert(property, { seed: SEED + 1, numRuns: RUNS - 2_000 });
      const growth = heapBytes() - before;
      process.stdout.write(
        `fuzz: seed ${SEED}, ${RUNS} frames ${JSON.stringify(Object.fromEntries(seen))}, slowest ${slowestMs.toFixed(0)} ms, ` +
          `heap grew ${(growth / 1024 / 1024).toFixed(1)} MB\n`,
      );
      expect(growth).toBeLessThan(GROWTH_BYTES);
      expect(slowestMs).toBeLessThan(SLOWEST_MS);
    },
    60_000 + RUNS * 10,
  );
});
