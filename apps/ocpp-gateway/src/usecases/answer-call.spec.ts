import { auth, sessions, type metering } from '@kilowatch/contracts';
import { internal, tenantId, unavailable, type IdSource } from '@kilowatch/kernel';
import { TypedOcppSchemas, UNKNOWN_MODEL, type JsonObject, type OcppVersion } from '@kilowatch/ocpp';
import { createLogger } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import type { Station } from '../domain/station.js';
import { AnswerCall } from './answer-call.js';
import type { QuarantineFrame } from './quarantine-frame.js';
import type { HandlerPorts, StationCall } from './station-call.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const ids: IdSource = { newId: () => 'id', randomInt31: () => 77, token: () => '' };

function setup(
  over: {
    sessions?: object;
    auth?: object;
    readings?: (sets: metering.MeterValueSet[]) => Promise<void>;
  } = {},
) {
  const kept: string[] = [];
  let quarantineFails = false;
  const ports = {
    sessions: over.sessions ?? {},
    auth: over.auth ?? {},
    readings: { add: over.readings ?? (() => Promise.resolve()) },
    notices: { store: () => Promise.resolve() },
    models: { of: () => Promise.resolve(UNKNOWN_MODEL), learn: () => Promise.resolve() },
    schemas: new TypedOcppSchemas(),
    clock: { now: () => NOW },
    ids,
    random: () => 0.5,
  } as unknown as HandlerPorts;
  const quarantine = {
    keep: (call: StationCall) => {
      if (quarantineFails) return Promise.reject(unavailable('DB', 'x'));
      kept.push(call.text);
      return Promise.resolve({
        frameId: 'f',
        transactionRef: call.action === 'StartTransaction' ? '77' : null,
      });
    },
  } as unknown as QuarantineFrame;
  const calls = new AnswerCall(
    new TypedOcppSchemas(),
    ports,
    quarantine,
    createLogger({ service: 't', level: 'silent' }),
    { note: (_station, ...lists) => lists.flatMap((list) => list.map(({ kind }) => kind)) },
  );
  const answer = async (action: string, payload: JsonObject, version: OcppVersion = '1.6') => {
    const station = {
      tenant: tenantId('demo'),
      stationId: 's1',
      version,
      protocol: `ocpp${version}`,
    } as Station;
    const text = JSON.stringify([2, 'm', action, payload]);
    const reply = await calls.answer({
      station,
      id: 'm',
      action,
      payload,
      text,
      receivedAt: NOW,
      memory: new Map(),
    });
    return reply.kind === 'send' ? (JSON.parse(reply.text) as unknown[]) : reply;
  };
  return { answer, kept, breakQuarantine: () => (quarantineFails = true) };
}

describe('AnswerCall', () => {
  it('answers a heartbeat by itself, with milliseconds and Z', async () => {
    expect(await setup().answer('Heartbeat', {})).toEqual([
      3,
      'm',
      { currentTime: '2026-03-01T10:00:00.000Z' },
    ]);
  });

  it('understands what bends the schema', async () => {
    const seen: auth.DecideRequest[] = [];
    const decide = (request: auth.DecideRequest) => {
      seen.push(request);
      return Promise.resolve(
        auth.DecideResponse.fromPartial({ status: auth.DecisionStatus.DECISION_STATUS_NO_CREDIT }),
      );
    };
    const { answer } = setup({ auth: { decide } });
    expect(await answer('Authorize', { idTag: 12345678, extra: true })).toEqual([
      3,
      'm',
      { idTagInfo: { status: 'Blocked' } },
    ]);
    expect(seen[0]?.idToken?.value).toBe('12345678');
  });

  it('closes the socket when even the quarantine cannot be written', async () => {
    const { answer, breakQuarantine } = setup({ readings: () => Promise.reject(internal('BUG', 'x')) });
    breakQuarantine();
    const values = {
      connectorId: 1,
      meterValue: [{ timestamp: '2026-03-01T10:00:00Z', sampledValue: [{ value: '1' }] }],
    };
    expect(await answer('MeterValues', values)).toMatchObject({ kind: 'close', code: 1011 });
  });

  it('answers quarantined meter values with nothing in the answer', async () => {
    const { answer, kept } = setup({ readings: () => Promise.reject(internal('BUG', 'x')) });
    const values = {
      connectorId: 1,
      meterValue: [{ timestamp: '2026-03-01T10:00:00Z', sampledValue: [{ value: '1' }] }],
    };
    expect(await answer('MeterValues', values)).toEqual([3, 'm', {}]);
    expect(kept).toHaveLength(1);
  });

  it('does not stop a driver whose group id is too long for the charger', async () => {
    const recordTransactionEvent = () =>
      Promise.resolve(
        sessions.RecordTransactionEventResponse.fromPartial({
          transactionRef: 'tx',
          tokenStatus: auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
          groupId: 'g'.repeat(60),
        }),
      );
    const { answer } = setup({ sessions: { recordTransactionEvent } });
    const started = {
      eventType: 'Started',
      timestamp: '2026-03-01T10:00:00Z',
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: 'tx' },
      idToken: { idToken: 'T', type: 'ISO14443' },
    };
    expect(await answer('TransactionEvent', started, '2.0.1')).toEqual([
      3,
      'm',
      { idTokenInfo: { status: 'Accepted' } },
    ]);
  });
});
