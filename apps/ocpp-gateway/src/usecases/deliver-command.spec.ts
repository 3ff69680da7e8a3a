import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, uuidv7, type IdSource } from '@kilowatch/kernel';
import { findStationModel, TypedOcppSchemas, type JsonObject, type StationModel } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import type { Station } from '../domain/station.js';
import { clockAtStart, noteClock } from './connection-notes.js';
import { DeliverCommand, type CommandTarget } from './deliver-command.js';
import { isRepeatedProgress, noteProgress } from './progress-notes.js';
import type { StationCall } from './station-call.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const { CommandOutcome } = ocppGateway;
const ids: IdSource = { newId: () => 'id', randomInt31: () => 1, token: () => '' };
const schemas = new TypedOcppSchemas();
const delivery = (model: StationModel) =>
  new DeliverCommand(schemas, { now: () => NOW }, ids, { of: () => Promise.resolve(model) });
const deliver = delivery(findStationModel('', ''));
const station = { tenant: tenantId('demo'), stationId: 's1', version: '1.6' } as Station;

function target(outcome: Awaited<ReturnType<CommandTarget['call']>>) {
  const sent: string[] = [];
  const socket: CommandTarget = {
    station,
    call: (_id, action) => {
      sent.push(action);
      return Promise.resolve(outcome);
    },
  };
  return { socket, sent };
}

const routed = (over: Partial<ocppGateway.RoutedCommand> = {}, ageMs = 0): ocppGateway.RoutedCommand => ({
  version: 1,
  tenant: 'demo',
  commandId: uuidv7(new Date(NOW.getTime() - ageMs), new Uint8Array(10)),
  request: ocppGateway.SendRequest.fromPartial({
    stationId: 's1',
    timeoutSeconds: 30,
    reset: { kind: 'SOFT' },
  }),
  disconnect: undefined,
  ...over,
});

describe('DeliverCommand', () => {
  it('P16: asks a station that knows plug and charge only in its older dialect in that, from then on at once', async () => {
    const vendors: unknown[] = [];
    const mine = { ...station };
    const socket: CommandTarget = {
      station: mine,
      call: (_id, _action, payload) => {
        vendors.push(payload['vendorId']);
        const status = payload['vendorId'] === 'iso15118' ? 'Accepted' : 'UnknownVendorId';
        return Promise.resolve({ kind: 'result', payload: { status, data: '{"status":"Accepted"}' } });
      },
    };
    const request = ocppGateway.SendRequest.fromPartial({
      stationId: 's1',
      timeoutSeconds: 30,
      triggerMessage: { requestedMessage: 'SignV2GCertificate' },
    });
    for (const expected of [
      ['org.openchargealliance.iso15118pnc', 'iso15118'],
      ['org.openchargealliance.iso15118pnc', 'iso15118', 'iso15118'],
    ]) {
      const { outcome } = await deliver.deliver(socket, routed({ request }), undefined);
      expect(outcome).toBe(CommandOutcome.COMMAND_OUTCOME_ACCEPTED);
      expect(vendors).toEqual(expected);
    }
  });

  it.each([
    [
      'an accepting answer',
      { kind: 'result', payload: { status: 'Accepted' } },
      CommandOutcome.COMMAND_OUTCOME_ACCEPTED,
    ],
    [
      'a refusal',
      { kind: 'result', payload: { status: 'Rejected' } },
      CommandOutcome.COMMAND_OUTCOME_REJECTED,
    ],
    [
      'an answer without the word that was asked for',
      { kind: 'result', payload: {} },
      CommandOutcome.COMMAND_OUTCOME_UNKNOWN,
    ],
    [
      'an answer whose word is empty',
      { kind: 'result', payload: { status: '' } },
      CommandOutcome.COMMAND_OUTCOME_UNKNOWN,
    ],
    ['an error', { kind: 'error', code: 'X', description: '' }, CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR],
    ['no answer', { kind: 'timeout' }, CommandOutcome.COMMAND_OUTCOME_UNKNOWN],
    ['a socket that closed before it was sent', { kind: 'unsent' }, CommandOutcome.COMMAND_OUTCOME_OFFLINE],
  ] as const)('reports %s', async (_, outcome, expected) => {
    const { socket } = target(outcome);
    expect((await deliver.deliver(socket, routed(), undefined)).outcome).toBe(expected);
  });

  it('lets the start that it asks for show how far off its clock is', async () => {
    const mine = { ...station };
    noteClock(mine, new Date(NOW.getTime() - 3_600_000), NOW);
    const start = { value: 'app-1', deviceTime: new Date(NOW.getTime() - 3_598_000) };
    expect(clockAtStart(mine, start, NOW)).toBeUndefined();
    const request = ocppGateway.SendRequest.fromPartial({
      stationId: 's1',
      timeoutSeconds: 30,
      requestStart: { idToken: { value: 'APP-1', type: 'Central' }, evseNumber: 1, connectorNumber: 1 },
    });
    const socket: CommandTarget = {
      station: mine,
      call: () => Promise.resolve({ kind: 'result', payload: { status: 'Accepted' } }),
    };
    await deliver.deliver(socket, routed({ request }), undefined);
    expect(clockAtStart(mine, start, NOW)).toBe(-3_598);
  });

  it('takes an answer that bends the schema for what it says', async () => {
    const bent = { status: 'Rejected', more: 1 };
    const { socket } = target({ kind: 'result', payload: bent });
    expect(await deliver.deliver(socket, routed(), undefined)).toMatchObject({
      outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED,
      status: 'Rejected',
    });
    const { socket: odd } = target({ kind: 'result', payload: { unknownKey: 7 } });
    const raw = { action: 'GetConfiguration', payloadJson: '{}' };
    const asked = routed({
      request: ocppGateway.SendRequest.fromPartial({ stationId: 's1', timeoutSeconds: 30, raw }),
    });
    expect(await deliver.deliver(odd, asked, undefined)).toMatchObject({
      outcome: CommandOutcome.COMMAND_OUTCOME_ACCEPTED,
      errorCode: 'ANSWER_INVALID',
    });
  });

  it('Q51: what a station tells after a new request is news, though it said so before', async () => {
    const mine = { ...station };
    const said = (): StationCall => ({
      station: mine,
      id: 'x',
      action: 'FirmwareStatusNotification',
      text: '',
      payload: { status: 'DownloadFailed' },
      receivedAt: NOW,
      memory: new Map(),
    });
    noteProgress(said());
    expect(isRepeatedProgress(said())).toBe(true);
    const socket: CommandTarget = {
      station: mine,
      call: () => Promise.resolve({ kind: 'result', payload: {} }),
    };
    const raw = (action: string, payload: object) =>
      routed({
        request: ocppGateway.SendRequest.fromPartial({
          stationId: 's1',
          timeoutSeconds: 30,
          raw: { action, payloadJson: JSON.stringify(payload) },
        }),
      });
    await deliver.deliver(socket, raw('ClearCache', {}), undefined);
    expect(isRepeatedProgress(said())).toBe(true);
    const update = { location: 'https://example.org/f.bin', retrieveDate: NOW.toISOString() };
    await deliver.deliver(socket, raw('UpdateFirmware', update), undefined);
    expect(isRepeatedProgress(said())).toBe(false);
  });

  it.each([
    ['that was held back until its sender gave up', routed({}, 31_000)],
    ['of a newer pod that it does not understand', routed({ version: 2 })],
    ['for another tenant', routed({ tenant: 'other' })],
    [
      'for another station',
      routed({ request: ocppGateway.SendRequest.fromPartial({ stationId: 's2', reset: { kind: 'SOFT' } }) }),
    ],
  ])('does not carry out a command %s', async (_, command) => {
    const { socket, sent } = target({ kind: 'result', payload: { status: 'Accepted' } });
    const answer = await deliver.deliver(socket, command, undefined);
    expect(answer.outcome).not.toBe(CommandOutcome.COMMAND_OUTCOME_ACCEPTED);
    expect(sent).toEqual([]);
  });
});

/** A charger that answers each action with a payload of its own. */
function answering(answers: Record<string, JsonObject>) {
  const sent: { action: string; payload: JsonObject }[] = [];
  const socket: CommandTarget = {
    station: { ...station },
    call: (_id, action, payload) => {
      sent.push({ action, payload });
      return Promise.resolve({ kind: 'result', payload: answers[action] ?? { status: 'Accepted' } });
    },
  };
  return { socket, sent };
}

const limit = ocppGateway.SetChargingProfile.fromPartial({
  profileId: 1,
  stackLevel: 3,
  purpose: 'TX_PROFILE',
  transactionRef: '4711',
  evseNumber: 1,
  limitDeciampere: 163,
  durationSeconds: 900,
});
const request = (command: Partial<ocppGateway.SendRequest>) =>
  routed({
    request: ocppGateway.SendRequest.fromPartial({ stationId: 's1', timeoutSeconds: 30, ...command }),
  });

describe('a command for a model that is known', () => {
  it('Q50: brings a limit in the form that the model obeys', async () => {
    const { socket, sent } = answering({});
    const abb = delivery(findStationModel('ABB', 'CDT_TACW11::NET_WIFI'));
    const answer = await abb.deliver(socket, request({ setChargingProfile: limit }), undefined);
    expect(answer.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_ACCEPTED);
    expect(sent).toMatchObject([
      { action: 'SetChargingProfile', payload: { csChargingProfiles: { stackLevel: 0 } } },
    ]);
  });

  it.each([
    [10, 'COMMAND_OUTCOME_ACCEPTED', ''],
    [32, 'COMMAND_OUTCOME_REJECTED', 'COMMAND_NOT_OBEYED'],
  ] as const)(
    'Q50: asks a model that may not obey what it works with: at %d A the limit is %s',
    async (amperes, outcome, errorCode) => {
      const schedule = {
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: amperes }],
      };
      const { socket, sent } = answering({
        GetCompositeSchedule: { status: 'Accepted', connectorId: 1, chargingSchedule: schedule },
      });
      const wallbox = delivery(findStationModel('Wall Box Chargers', 'PLP1-0-2-4'));
      const answer = await wallbox.deliver(socket, request({ setChargingProfile: limit }), undefined);
      expect([CommandOutcome[answer.outcome], answer.errorCode]).toEqual([outcome, errorCode]);
      expect(sent.map(({ action }) => action)).toEqual(['SetChargingProfile', 'GetCompositeSchedule']);
    },
  );

  it('Q50: of a model that answers late, tells what it said in time', async () => {
    let now = NOW.getTime();
    const asked: [string, number][] = [];
    const socket: CommandTarget = {
      station: { ...station },
      call: (_id, action, _payload, timeoutMs) => {
        asked.push([action, timeoutMs]);
        now += 29_000;
        return Promise.resolve(
          action === 'SetChargingProfile'
            ? { kind: 'result', payload: { status: 'Accepted' } }
            : { kind: 'timeout' },
        );
      },
    };
    const wallbox = new DeliverCommand(schemas, { now: () => new Date(now) }, ids, {
      of: () => Promise.resolve(findStationModel('Wall Box Chargers', 'PLP1-0-2-4')),
    });
    const answer = await wallbox.deliver(socket, request({ setChargingProfile: limit }), undefined);
    expect(answer.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_ACCEPTED);
    expect(asked).toEqual([
      ['SetChargingProfile', 30_000],
      ['GetCompositeSchedule', 1_000],
    ]);
  });

  it('Q16: is not sent when it would read what makes the model hang', async () => {
    const { socket, sent } = answering({});
    const abb = delivery(findStationModel('ABB', 'CDT_TACW11::NET_WIFI'));
    const raw = { action: 'GetConfiguration', payloadJson: '{"key":["MeterValuesSampledData"]}' };
    const answer = await abb.deliver(socket, request({ raw }), undefined);
    expect(answer).toMatchObject({
      outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED,
      errorCode: 'COMMAND_MODEL_UNSAFE',
    });
    expect(answer.errorDescription).toContain('MeterValuesSampledData');
    expect(sent).toEqual([]);
  });

  it('Q16: a setting that was written is not read back by us', async () => {
    const { socket, sent } = answering({});
    const raw = { action: 'ChangeConfiguration', payloadJson: '{"key":"HeartbeatInterval","value":"60"}' };
    await deliver.deliver(socket, request({ raw }), undefined);
    expect(sent.map(({ action }) => action)).toEqual(['ChangeConfiguration']);
  });

  it('wire: error codes: of an error that holds our whole payload the beginning is kept', async () => {
    const description = `Payload for Action is invalid: ${'x'.repeat(5_000)}`;
    const { socket } = target({ kind: 'error', code: 'FormationViolation', description });
    const answer = await deliver.deliver(socket, routed(), undefined);
    expect(answer).toMatchObject({
      outcome: CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR,
      errorCode: 'FormationViolation',
    });
    expect(answer.errorDescription).toHaveLength(500);
  });
});
