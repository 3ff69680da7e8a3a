import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock } from '@kilowatch/kernel';
import { isJsonObject, type JsonObject } from '@kilowatch/ocpp';
import { CLOCK, type Principal } from '@kilowatch/platform';
import { carriesCredential } from '../domain/command-secrets.js';
import { announceListOverwritten } from './announce-list-overwritten.js';
import { LearnFromCommand } from './learn-from-command.js';
import { OperatedStation } from './operated-station.js';
import { ReadSettings } from './read-settings.js';
import { RunCommand, type CommandAnswer, type CommandBody } from './run-command.js';
import { requireNumber } from './transaction-request.js';

interface StationInput {
  readonly stationId: string;
  readonly idempotencyKey?: string | null;
}

const RESET_KINDS = new Set(['SOFT', 'HARD', 'ON_IDLE']);
const ACTION = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/** What an operator may tell a station of the own tenant. */
@Injectable()
export class CommandStation {
  constructor(
    private readonly stations: OperatedStation,
    private readonly commands: RunCommand,
    private readonly settings: ReadSettings,
    private readonly learn: LearnFromCommand,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  raw(
    principal: Principal,
    input: StationInput & { action: string; payload: unknown; timeoutSeconds?: number | null },
  ): Promise<CommandAnswer> {
    if (!ACTION.test(input.action))
      throw invalid('SESSIONS_COMMAND_ACTION', 'This is not the name of an action.');
    if (!isJsonObject(input.payload)) {
      throw invalid('SESSIONS_COMMAND_PAYLOAD', 'The payload of an action is a JSON object.');
    }
    const payloadJson = JSON.stringify(input.payload);
    const args = { payload: input.payload };
    const auditedArgs = { payload: carriesCredential(payloadJson) ? '[redacted]' : input.payload };
    const body = { raw: { action: input.action, payloadJson } };
    return this.send(principal, { ...input, auditedArgs }, input.action, args, body, input.payload);
  }

  reset(principal: Principal, input: StationInput & { kind: string }): Promise<CommandAnswer> {
    const { kind } = input;
    if (!RESET_KINDS.has(kind)) throw invalid('SESSIONS_RESET_KIND', 'A reset is SOFT, HARD or ON_IDLE.');
    return this.send(principal, input, 'Reset', { kind }, { reset: { kind } });
  }

  trigger(
    principal: Principal,
    input: StationInput & {
      requestedMessage: string;
      evseNumber?: number | null;
      connectorNumber?: number | null;
    },
  ): Promise<CommandAnswer> {
    if (!ACTION.test(input.requestedMessage.replaceAll('.', ''))) {
      throw invalid('SESSIONS_TRIGGER_MESSAGE', 'This is not the name of a message.');
    }
    const triggerMessage = { requestedMessage: input.requestedMessage, ...placeOf(input) };
    return this.send(principal, input, 'TriggerMessage', triggerMessage, { triggerMessage });
  }

  unlock(
    principal: Principal,
    input: StationInput & { evseNumber: number; connectorNumber: number },
  ): Promise<CommandAnswer> {
    const unlockConnector = placeOf(input);
    return this.send(principal, input, 'UnlockConnector', unlockConnector, { unlockConnector });
  }

  private async send(
    principal: Principal,
    input: StationInput & { timeoutSeconds?: number | null; auditedArgs?: object },
    action: string,
    args: object,
    body: CommandBody,
    payload: JsonObject = {},
  ): Promise<CommandAnswer> {
    const { tenant, accountId: by } = principal;
    await this.stations.one(principal, input.stationId);
    const { stationId, idempotencyKey, timeoutSeconds, auditedArgs } = input;
    const command = () => body;
    return this.commands.run(principal, {
      stationId,
      idempotencyKey,
      timeoutSeconds,
      action,
      args,
      auditedArgs,
      command,
      // Whoever asks a station for its settings, everybody knows them then.
      finished: async (tx, commandId, answer) => {
        await this.settings.learn(tx, tenant, stationId, action, answer);
        await this.learn.run(tx, tenant, stationId, { action, payload, by }, answer);
        const { outcome } = answer;
        announceListOverwritten(tx, { commandId, stationId, action, outcome }, this.clock.now());
      },
    });
  }
}

function placeOf(input: { evseNumber?: number | null; connectorNumber?: number | null }) {
  const place = { evseNumber: input.evseNumber ?? 0, connectorNumber: input.connectorNumber ?? 0 };
  requireNumber('EVSE', place.evseNumber);
  requireNumber('CONNECTOR', place.connectorNumber);
  return place;
}
