// Real: gRPC with service tokens, the whole auth service. Played: the gateway's command port.
import { randomUUID } from 'node:crypto';
import { ocppGateway } from '@kilowatch/contracts';
import { conflict, invalid, unavailable } from '@kilowatch/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rawCommand, StationCommands } from '../src/usecases/station-commands.js';
import { AuthRig } from './auth-rig.js';
import { answered, PlayedCommands } from './played-commands.js';

const { CommandOutcome } = ocppGateway;
let gateway: PlayedCommands;
let rig: AuthRig;
beforeAll(async () => {
  gateway = await PlayedCommands.start();
  rig = await AuthRig.start(gateway.env);
}, 60_000);
afterEach(() => gateway.reset());
afterAll(async () => {
  await rig.close();
  await gateway.close();
});

const order = (over: object = {}) => ({
  tenant: 'demo',
  stationId: randomUUID(),
  key: `test:${randomUUID()}`,
  command: rawCommand('GetLocalListVersion', {}),
  timeoutSeconds: 1,
  ...over,
});
const send = (over: object = {}) => rig.rig.running.get(StationCommands).send(order(over));

describe('a command from auth to a station', () => {
  it('goes out in the name of its tenant with its key, and brings the answer back', async () => {
    gateway.answer = () => answered('Accepted', { listVersion: 7 });
    const asked = order();
    const answer = await rig.rig.running.get(StationCommands).send(asked);
    expect(answer).toEqual({
      outcome: 'ACCEPTED',
      status: 'Accepted',
      errorCode: '',
      payload: { listVersion: 7 },
    });
    expect(gateway.sent).toMatchObject([
      {
        tenant: 'demo',
        stationId: asked.stationId,
        idempotencyKey: asked.key,
        requestedBy: 'auth',
        raw: { action: 'GetLocalListVersion', payloadJson: '{}' },
      },
    ]);
  });

  it.each([
    [{ outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED, status: 'VersionMismatch' }, 'REJECTED'],
    [{ outcome: CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR, errorCode: 'NotSupported' }, 'CHARGER_ERROR'],
    [{ outcome: CommandOutcome.COMMAND_OUTCOME_OFFLINE }, 'OFFLINE'],
    [{ outcome: CommandOutcome.COMMAND_OUTCOME_UNKNOWN }, 'UNKNOWN'],
    [{ outcome: 99 as never }, 'UNKNOWN'],
  ] as [Partial<ocppGateway.SendResponse>, string][])('tells %o as %s', async (played, outcome) => {
    gateway.answer = () => played;
    expect(await send()).toMatchObject({
      outcome,
      status: played.status ?? '',
      errorCode: played.errorCode ?? '',
    });
  });

  it('says UNSENDABLE for what the version of the station does not have', async () => {
    gateway.answer = () => {
      throw invalid('COMMAND_ACTION', 'no such action');
    };
    expect(await send()).toMatchObject({ outcome: 'UNSENDABLE', errorCode: 'COMMAND_ACTION' });
  });

  it('says UNREACHED while the gateway is away, and the same key finds what came of it', async () => {
    const asked = order();
    gateway.answer = () => {
      throw unavailable('COMMAND_NOT_ROUTED', 'nothing was sent');
    };
    const commands = rig.rig.running.get(StationCommands);
    expect(await commands.send(asked)).toMatchObject({
      outcome: 'UNREACHED',
      errorCode: 'COMMAND_NOT_ROUTED',
    });
    gateway.reset();
    expect(await commands.send(asked)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(await commands.send(asked)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(gateway.sent).toHaveLength(1);
  });

  it('says UNREACHED when the gateway does not answer in time', async () => {
    gateway.answer = () => new Promise(() => {});
    expect(await send()).toMatchObject({ outcome: 'UNREACHED' });
  }, 15_000);

  it('throws when the key was used for something else: a fault of ours', async () => {
    gateway.answer = () => {
      throw conflict('COMMAND_KEY_REUSED', 'reused');
    };
    await expect(send()).rejects.toMatchObject({ kind: 'CONFLICT' });
  });
});
