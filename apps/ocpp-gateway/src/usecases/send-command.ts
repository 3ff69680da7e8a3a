import { ocppGateway } from '@kilowatch/contracts';
import {
  conflict,
  invalid,
  isUuid,
  toAppError,
  unavailable,
  type Clock,
  type IdSource,
} from '@kilowatch/kernel';
import {
  CSMS_ACTIONS,
  commandCall,
  maskedPayload,
  maskedText,
  versionOfSubprotocol,
  type Command,
  type CommandCall,
  type OcppSchemas,
} from '@kilowatch/ocpp';
import {
  argsHash,
  counter,
  tenantScope,
  withSpan,
  type Database,
  type GrpcCall,
  type Logger,
} from '@kilowatch/platform';
import { commandOf } from './command-request.js';
import { ROUTED_COMMAND_VERSION } from './gateway-subjects.js';
import type {
  CommandLogRepository,
  CommandResult,
  HeldCommand,
} from '../persistence/command-log.repository.js';
import type {
  LiveConnection,
  StationConnectionRepository,
} from '../persistence/station-connection.repository.js';
import type { CommandPost } from './command-post.js';
import type { OfferUpload } from './offer-upload.js';

const DEFAULT_TIMEOUT_SECONDS = 30;
const MAX_TIMEOUT_SECONDS = 120;
/** After its time and this, a command without a result was lost with its process. */
const LOST_AFTER_MS = 10_000;

const { CommandOutcome } = ocppGateway;

/**
 * A command from any service to a charger, by way of the pod that holds its socket. The same key gives the same outcome and
 * sends nothing twice. Success is only reported when the charger said so; what cannot be known is UNKNOWN.
 */
export class SendCommand {
  constructor(
    private readonly database: Database,
    private readonly connections: StationConnectionRepository,
    private readonly commands: CommandLogRepository,
    private readonly post: CommandPost,
    private readonly schemas: OcppSchemas,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly log: Logger,
    private readonly uploads: OfferUpload,
  ) {}

  /** Throws INVALID (naming the place in a raw payload), CONFLICT (key reused), UNAVAILABLE (nothing was sent). */
  async send(
    asked: ocppGateway.SendRequest,
    { tenant, caller }: GrpcCall,
  ): Promise<ocppGateway.SendResponse> {
    const upload = this.uploads.offer(asked);
    const request = {
      ...asked,
      timeoutSeconds: timeoutOf(asked),
      requestLog: asked.requestLog && { ...asked.requestLog, location: upload?.location ?? '' },
    };
    const command = commandOf(request);
    if (!isUuid(request.stationId)) throw invalid('COMMAND_STATION', 'This is not the id of a station.');
    const key = request.idempotencyKey;
    if (key === '' || key.length > 200)
      throw invalid('COMMAND_KEY', 'A command needs an idempotency key of at most 200 characters.');
    const commandId = this.ids.newId();
    // What was asked: the address of an upload is another one each time.
    const { requestLog } = asked;
    const hash = argsHash({ ...request, requestLog, idempotencyKey: '', requestedBy: '' });
    const begun = await this.database.transaction(tenantScope(tenant), async (tx) => {
      const connection = await this.connections.find(tx, tenant, request.stationId);
      const call = this.callFor(connection, command);
      const held = await this.commands.begin(tx, {
        tenant,
        commandId,
        caller,
        idempotencyKey: key,
        argsHash: hash,
        stationId: request.stationId,
        requestedBy: request.requestedBy.slice(0, 200),
        action: call.action,
        payload: maskedPayload(call.payload),
        timeoutSeconds: request.timeoutSeconds,
        requestedAt: this.clock.now(),
      });
      if (!held && upload) await this.uploads.open(tx, tenant, request.stationId, upload);
      return { connection, held, action: call.action };
    });
    if (begun.held) return this.repeated(begun.held, hash);
    const attributes = { 'ocpp.action': begun.action, 'station.id': request.stationId };
    const response = await withSpan('ocpp.command', { attributes }, () =>
      this.sendOrAbandon(
        tenant,
        { version: ROUTED_COMMAND_VERSION, tenant, commandId, request, disconnect: undefined },
        begun.connection,
      ),
    );
    await this.finish(tenant, response);
    return response;
  }

  /** Checked here too, for the version of the last connection: who asks is told what is wrong, online or not. */
  private callFor(connection: LiveConnection | undefined, command: Command): CommandCall {
    const version = versionOfSubprotocol(connection?.protocol);
    // It never connected: nobody knows its version, and it is offline anyway.
    if (version === undefined)
      return command.type === 'raw' ? command : { action: command.type, payload: {} };
    const call = commandCall(version, command);
    if (!CSMS_ACTIONS[version].has(call.action)) {
      throw invalid('COMMAND_ACTION', `${call.action} is no command of this station's OCPP version.`);
    }
    const check = this.schemas.validateOutbound(version, call.action, 'request', call.payload);
    if (check.ok) return call;
    const { path, text } = check.problem;
    throw invalid('COMMAND_PAYLOAD_INVALID', `${call.action} ${text}`, { path });
  }

  private repeated(held: HeldCommand, hash: string): ocppGateway.SendResponse {
    if (held.argsHash !== hash)
      throw conflict('COMMAND_KEY_REUSED', 'This idempotency key was used for another command.');
    if (held.result) return responseOf(held.commandId, held.result);
    const lostAt = held.requestedAt.getTime() + held.timeoutSeconds * 1000 + LOST_AFTER_MS;
    if (this.clock.now().getTime() < lostAt) {
      throw unavailable('COMMAND_IN_FLIGHT', 'The same command is being carried out.');
    }
    return unknown(held.commandId);
  }

  private async sendOrAbandon(
    tenant: string,
    routed: ocppGateway.RoutedCommand & { request: ocppGateway.SendRequest },
    connection: LiveConnection | undefined,
  ): Promise<ocppGateway.SendResponse> {
    try {
      return await this.route(tenant, routed, connection);
    } catch (thrown) {
      const error = toAppError(thrown);
      await this.database
        .transaction(tenantScope(tenant), (tx) =>
          this.commands.abandon(tx, tenant, routed.commandId, error.code, this.clock.now()),
        )
        .catch((err: unknown) =>
          this.log.warn({ err, commandId: routed.commandId }, 'command not abandoned'),
        );
      throw error;
    }
  }

  /** No listener: the charger went, or came back elsewhere since we looked. Look once more, then it is offline. */
  private async route(
    tenant: string,
    routed: ocppGateway.RoutedCommand & { request: ocppGateway.SendRequest },
    first: LiveConnection | undefined,
  ): Promise<ocppGateway.SendResponse> {
    let connection = first;
    for (let attempt = 0; attempt < 2 && connection?.online === true; attempt++) {
      const answer = await this.post.request(
        connection.connectionId,
        routed,
        routed.request.timeoutSeconds * 1000,
      );
      if (answer === 'timeout') return unknown(routed.commandId);
      if (answer !== 'nobody') return answer;
      const tried: string = connection.connectionId;
      connection = await this.database.read(tenantScope(tenant), (tx) =>
        this.connections.find(tx, tenant, routed.request.stationId),
      );
      if (connection?.connectionId === tried) break;
    }
    counter('kw_ocpp_commands_total').inc({ action: 'any', outcome: 'offline' });
    return ocppGateway.SendResponse.fromPartial({
      outcome: CommandOutcome.COMMAND_OUTCOME_OFFLINE,
      commandId: routed.commandId,
    });
  }

  /** When this fails the caller still gets the outcome; a repetition of the key gets UNKNOWN, never a second sending. */
  private async finish(tenant: string, response: ocppGateway.SendResponse): Promise<void> {
    const { commandId, status, errorCode, errorDescription, payloadJson } = response;
    const outcome = ocppGateway.CommandOutcome[response.outcome] ?? 'COMMAND_OUTCOME_UNKNOWN';
    // Who asked hears all of it; what is kept, and told to whoever repeats the key, names no secret.
    const result: CommandResult = {
      outcome,
      status,
      errorCode,
      errorDescription: maskedText(errorDescription),
      answer: maskedText(payloadJson),
    };
    try {
      await this.database.transaction(tenantScope(tenant), (tx) =>
        this.commands.finish(tx, tenant, commandId, result, this.clock.now()),
      );
    } catch (err) {
      this.log.warn({ err, commandId }, 'outcome of command not written');
    }
  }
}

function timeoutOf({ timeoutSeconds }: ocppGateway.SendRequest): number {
  if (timeoutSeconds < 0 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
    throw invalid('COMMAND_TIMEOUT', `A command may take 1 to ${MAX_TIMEOUT_SECONDS} seconds.`);
  }
  return timeoutSeconds === 0 ? DEFAULT_TIMEOUT_SECONDS : timeoutSeconds;
}

function unknown(commandId: string): ocppGateway.SendResponse {
  return ocppGateway.SendResponse.fromPartial({ outcome: CommandOutcome.COMMAND_OUTCOME_UNKNOWN, commandId });
}

function responseOf(commandId: string, result: CommandResult): ocppGateway.SendResponse {
  const outcome = CommandOutcome[result.outcome as keyof typeof CommandOutcome];
  return ocppGateway.SendResponse.fromPartial({
    outcome: outcome ?? CommandOutcome.COMMAND_OUTCOME_UNKNOWN,
    status: result.status,
    errorCode: result.errorCode,
    errorDescription: result.errorDescription,
    payloadJson: result.answer,
    commandId,
  });
}
