import { ocppGateway } from '@kilowatch/contracts';
import { toAppError, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  commandCall,
  commandOutcome,
  type CommandCall,
  type JsonObject,
  type OcppSchemas,
} from '@kilowatch/ocpp';
import { counter, withSpan } from '@kilowatch/platform';
import { commandAgeMs } from '../domain/command-age.js';
import { commandOf } from './command-request.js';
import type { Station } from '../domain/station.js';
import { ROUTED_COMMAND_VERSION } from './gateway-subjects.js';

/** The socket as a command sees it. */
export interface CommandTarget {
  readonly station: Station;
  call(
    id: string,
    action: string,
    payload: JsonObject,
    timeoutMs: number,
  ): Promise<
    | { readonly kind: 'result'; readonly payload: JsonObject }
    | { readonly kind: 'error'; readonly code: string; readonly description: string }
    | { readonly kind: 'unsent' | 'timeout' }
  >;
}

type Response = Partial<ocppGateway.SendResponse>;

const MAX_TEXT = 500;
const MAX_ANSWER = 128 * 1024;
const { CommandOutcome } = ocppGateway;

/** The pod that holds the socket: sends the command to the charger and says what came of it. */
export class DeliverCommand {
  constructor(
    private readonly schemas: OcppSchemas,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  async deliver(
    target: CommandTarget,
    routed: ocppGateway.RoutedCommand,
    traceparent: string | undefined,
  ): Promise<ocppGateway.SendResponse> {
    const { station } = target;
    const { commandId, request, tenant } = routed;
    if (routed.version > ROUTED_COMMAND_VERSION)
      return this.answer(commandId, 'UNSUPPORTED', rejected('COMMAND_VERSION'));
    if (request === undefined || tenant !== station.tenant || request.stationId !== station.stationId) {
      return this.answer(commandId, 'MISROUTED', rejected('COMMAND_MISROUTED'));
    }
    // Held back somewhere until its sender gave up and reported "unknown": carrying it out now would be a surprise.
    if (commandAgeMs(commandId, this.clock.now()) > request.timeoutSeconds * 1000) {
      return this.answer(commandId, 'EXPIRED', {
        outcome: CommandOutcome.COMMAND_OUTCOME_OFFLINE,
        errorCode: 'COMMAND_EXPIRED',
      });
    }
    const mapped = mappedFor(station, request);
    if ('errorCode' in mapped) return this.answer(commandId, 'UNMAPPED', mapped);
    const { action, payload } = mapped;
    const check = this.schemas.validateOutbound(station.version, action, 'request', payload);
    if (!check.ok)
      return this.answer(commandId, action, rejected('COMMAND_PAYLOAD_INVALID', check.problem.text));
    const attributes = { 'ocpp.action': action, 'station.id': station.stationId };
    const response = await withSpan('ocpp.command', { attributes, parent: traceparent }, () =>
      this.call(target, action, payload, request.timeoutSeconds * 1000),
    );
    return this.answer(commandId, action, response);
  }

  private async call(
    target: CommandTarget,
    action: string,
    payload: JsonObject,
    timeoutMs: number,
  ): Promise<Response> {
    const outcome = await target.call(this.ids.newId(), action, payload, timeoutMs);
    switch (outcome.kind) {
      case 'result':
        return this.result(target.station, action, outcome.payload);
      case 'error':
        return {
          outcome: CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR,
          errorCode: outcome.code.slice(0, MAX_TEXT),
          // Some chargers put our whole payload here.
          errorDescription: outcome.description.slice(0, MAX_TEXT),
        };
      case 'unsent':
        return { outcome: CommandOutcome.COMMAND_OUTCOME_OFFLINE, errorCode: 'COMMAND_NOT_SENT' };
      case 'timeout':
        return { outcome: CommandOutcome.COMMAND_OUTCOME_UNKNOWN, errorCode: 'COMMAND_NOT_ANSWERED' };
    }
  }

  /** An answer that bends the schema still says what the charger did. */
  private result(station: Station, action: string, payload: JsonObject): Response {
    const check = this.schemas.validateInbound(station.version, action, 'response', payload);
    const content = check.ok ? check.payload : payload;
    const { accepted, status } = commandOutcome(action, content);
    const text = JSON.stringify(content);
    return {
      outcome: accepted ? CommandOutcome.COMMAND_OUTCOME_ACCEPTED : CommandOutcome.COMMAND_OUTCOME_REJECTED,
      status: status.slice(0, MAX_TEXT),
      payloadJson: text.length > MAX_ANSWER ? '' : text,
      ...(check.ok
        ? {}
        : { errorCode: 'ANSWER_INVALID', errorDescription: check.problem.text.slice(0, MAX_TEXT) }),
    };
  }

  private answer(commandId: string, action: string, response: Response): ocppGateway.SendResponse {
    const name = ocppGateway.CommandOutcome[response.outcome ?? 0] ?? 'unknown';
    counter('kw_ocpp_commands_total').inc({
      action,
      outcome: name.replace('COMMAND_OUTCOME_', '').toLowerCase(),
    });
    return ocppGateway.SendResponse.fromPartial({ ...response, commandId });
  }
}

/** The sender checked it for the version it knew; the charger may have come back with another one. */
function mappedFor(
  station: Station,
  request: ocppGateway.SendRequest,
): CommandCall | (Response & { errorCode: string }) {
  try {
    return commandCall(station.version, commandOf(request));
  } catch (thrown) {
    const error = toAppError(thrown);
    return { ...rejected(error.code, error.publicText), errorCode: error.code };
  }
}

function rejected(errorCode: string, errorDescription = ''): Response {
  return { outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED, errorCode, errorDescription };
}
