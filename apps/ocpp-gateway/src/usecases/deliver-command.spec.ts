import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, uuidv7, type IdSource } from '@kilowatch/kernel';
import { TypedOcppSchemas } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import type { Station } from '../domain/station.js';
import { DeliverCommand, type CommandTarget } from './deliver-command.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const { CommandOutcome } = ocppGateway;
const ids: IdSource = { newId: () => 'id', randomInt31: () => 1, token: () => '' };
const deliver = new DeliverCommand(new TypedOcppSchemas(), { now: () => NOW }, ids);
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
  ...over,
});

describe('DeliverCommand', () => {
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
    ['an error', { kind: 'error', code: 'X', description: '' }, CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR],
    ['no answer', { kind: 'timeout' }, CommandOutcome.COMMAND_OUTCOME_UNKNOWN],
    ['a socket that closed before it was sent', { kind: 'unsent' }, CommandOutcome.COMMAND_OUTCOME_OFFLINE],
  ] as const)('reports %s', async (_, outcome, expected) => {
    const { socket } = target(outcome);
    expect((await deliver.deliver(socket, routed(), undefined)).outcome).toBe(expected);
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
