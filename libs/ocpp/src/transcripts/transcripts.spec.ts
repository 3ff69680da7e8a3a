import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  answerPayload,
  mapCall,
  neutralAnswer,
  parseFrame,
  TypedOcppSchemas,
  type ChargerAnswer,
  type ChargerMessage,
  type OcppVersion,
} from '../index.js';

interface Line {
  version: OcppVersion;
  answers?: string | null;
  frame: unknown[];
}

const NOW = new Date('2026-11-21T02:00:00.000Z');
const schemas = new TypedOcppSchemas();
const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

function linesOf(file: string): Line[] {
  return readFileSync(new URL(file, folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** The answer the gateway would give; null where the neutral one is right. */
function answerTo(message: ChargerMessage): ChargerAnswer | null {
  switch (message.type) {
    case 'boot':
      return { type: 'boot', status: 'Accepted', currentTime: NOW, intervalSeconds: 300 };
    case 'heartbeat':
      return { type: 'heartbeat', currentTime: NOW };
    case 'authorize':
      return { type: 'authorize', token: { status: 'Accepted', groupId: 'FLEET', cacheExpiry: NOW } };
    case 'transaction':
      return { type: 'transaction', transactionRef: '17', token: { status: 'NoCredit' }, totalCost: '1.25' };
    case 'dataTransfer':
      return { type: 'dataTransfer', status: 'UnknownVendorId' };
    case 'connectorStatus':
    case 'meterValues':
    case 'report':
    case 'reservationUpdate':
    case 'firmwareStatus':
    case 'logStatus':
    case 'displayMessages':
    case 'customerInformation':
    case 'securityEvent':
    case 'deviceEvents':
    case 'monitoringReport':
    case 'eventStreamData':
    case 'eventStreamClosed':
      return { type: 'empty' };
    case 'eventStreamOpened':
    case 'chargingNeeds':
    case 'carSchedule':
    case 'signCertificate':
      return { type: 'status', status: 'Accepted' };
    case 'dynamicScheduleAsked':
      return { type: 'dynamicSchedule', limits: { limit: 16 } };
    case 'vatNumber':
      return {
        type: 'vatNumber',
        accepted: true,
        vatNumber: message.vatNumber,
        evseNumber: message.evseNumber,
        reason: { code: 'Registered', text: 'known' },
        company: { name: 'ACME', address1: 'Main Street 1', city: 'Testville', country: 'NL' },
      };
    case 'contractCertificate':
      return {
        type: 'contractCertificate',
        accepted: true,
        exiResponse: 'gA==',
        remaining: null,
        reason: null,
      };
    case 'certificateStatus':
      return { type: 'certificateStatus', ocspResult: 'MAMKAQA=', reason: null };
    case 'chainStatus':
      return {
        type: 'chainStatus',
        certificates: message.certificates.map(({ hash, source }) => ({
          ...{ hash, source },
          status: 'Good',
          nextUpdate: NOW,
        })),
      };
    case 'other':
      return null;
  }
}

describe.each(files)('frames recorded from %s', (file) => {
  const calls = linesOf(file).filter((line) => line.frame[0] === 2);
  const answers = linesOf(file).filter((line) => line.answers);

  it('holds calls of both main versions', () => {
    const versions = new Set(calls.map((line) => line.version));
    expect(versions.has('1.6') && versions.has('2.0.1')).toBe(true);
  });

  it.each(calls.map((line) => [`${line.version} ${String(line.frame[2])}`, line] as const))(
    'understands and answers %s',
    (_name, { version, frame: sent }) => {
      const frame = parseFrame(JSON.stringify(sent), version);
      if (frame.kind !== 'call') throw new Error(`not a call: ${frame.kind}`);
      const check = schemas.validateInbound(version, frame.action, 'request', frame.payload);
      if (!check.ok) throw new Error(check.problem.text);
      const { message } = mapCall(version, frame.action, check.payload, { receivedAt: NOW });
      const answer = answerTo(message);
      const neutral = neutralAnswer(version, frame.action, NOW, frame.payload);
      if (message.type === 'other') expect(neutral.kind).toBe('result');
      const payload = answer
        ? answerPayload(version, frame.action, answer)
        : neutral.kind === 'result'
          ? neutral.payload
          : null;
      expect(payload).not.toBeNull();
      expect(schemas.validateOutbound(version, frame.action, 'response', payload ?? {})).toEqual({
        ok: true,
      });
    },
  );

  it('reads every answer to our calls', () => {
    for (const { version, answers: action, frame: sent } of answers) {
      const frame = parseFrame(JSON.stringify(sent), version);
      expect(['callResult', 'callError']).toContain(frame.kind);
      if (frame.kind !== 'callResult' || !action || !schemas.knows(version, action)) continue;
      const check = schemas.validateInbound(version, action, 'response', frame.payload);
      expect(check, action).toMatchObject({ ok: true });
    }
  });
});

describe('readings in the recorded frames', () => {
  it('all have a decimal value or a signed container, a measurand and a time', () => {
    let seen = 0;
    for (const file of files) {
      for (const { version, frame } of linesOf(file).filter((line) => line.frame[0] === 2)) {
        const { message } = mapCall(version, String(frame[2]), frame[3] as never, { receivedAt: NOW });
        if (!('readings' in message)) continue;
        for (const reading of message.readings) {
          seen++;
          expect(reading.signed ? '0' : reading.rawValue).toMatch(/^-?\d+(\.\d+)?$/);
          expect(reading.measurand).toMatch(/^[A-Z]/);
          expect(Number.isNaN(reading.measuredAt.getTime())).toBe(false);
        }
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});
