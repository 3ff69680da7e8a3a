import { ocppGateway } from '@kilowatch/contracts';
import { toAppError, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  answerOfOld,
  commandCall,
  commandOutcome,
  compositeQuestion,
  oldCall,
  PNC_VENDOR,
  scheduleAllowsMore,
  shapedProfile,
  unsafeSetting,
  type Command,
  type CommandCall,
  type JsonObject,
  type OcppSchemas,
  type StationModel,
} from '@kilowatch/ocpp';
import { counter, withSpan } from '@kilowatch/platform';
import { commandAgeMs } from '../domain/command-age.js';
import { noteAsked, notesOf } from './connection-notes.js';
import { noteOutcome } from './care-for-station.js';
import { commandOf } from './command-request.js';
import type { Station } from '../domain/station.js';
import { ROUTED_COMMAND_VERSION } from './gateway-subjects.js';
import { forgetProgress } from './progress-notes.js';
import { noteStandIn } from './stand-in-tags.js';
import type { KnownModels } from './known-models.js';

/** What became of a call to the charger. `unsent`: it certainly has not seen it; `timeout`: it may have. */
export type CallOutcome =
  | { readonly kind: 'result'; readonly payload: JsonObject }
  | { readonly kind: 'error'; readonly code: string; readonly description: string }
  | { readonly kind: 'unsent' | 'timeout' };

/** The socket as a command sees it. */
export interface CommandTarget {
  readonly station: Station;
  call(id: string, action: string, payload: JsonObject, timeoutMs: number): Promise<CallOutcome>;
}

type Response = Partial<ocppGateway.SendResponse>;

/** What a station tells of its progress afterwards is news, even in the words of the last time. */
const STARTS_PROGRESS: ReadonlySet<string> = new Set([
  'GetDiagnostics',
  'GetLog',
  'PublishFirmware',
  'SignedUpdateFirmware',
  'UpdateFirmware',
]);
const MAX_TEXT = 500;
const MAX_ANSWER = 128 * 1024;
const { CommandOutcome } = ocppGateway;

/** The pod that holds the socket: sends the command to the charger and says what came of it. */
export class DeliverCommand {
  constructor(
    private readonly schemas: OcppSchemas,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly models: Pick<KnownModels, 'of'>,
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
    const model = await this.models.of(station);
    const mapped = mappedFor(station, request, model, this.clock.now());
    if ('errorCode' in mapped) return this.answer(commandId, 'UNMAPPED', mapped);
    const { action, payload, command } = mapped;
    const unsafe = unsafeSetting(action, payload, model);
    if (unsafe !== null) {
      const why = `Reading ${unsafe} makes a ${model.name} hang or restart.`;
      return this.answer(commandId, action, rejected('COMMAND_MODEL_UNSAFE', why));
    }
    const check = this.schemas.validateOutbound(station.version, action, 'request', payload);
    if (!check.ok)
      return this.answer(commandId, action, rejected('COMMAND_PAYLOAD_INVALID', check.problem.text));
    const { idToken, standsFor } = request.requestStart ?? {};
    // Before it is sent: a station may ask about its tag before it answers.
    if (idToken && standsFor) noteStandIn(station, idToken.value, standsFor, this.clock.now());
    if (idToken) noteAsked(station, idToken.value, this.clock.now());
    const attributes = { 'ocpp.action': action, 'station.id': station.stationId };
    const timeoutMs = request.timeoutSeconds * 1000;
    const begun = this.clock.now().getTime();
    if (STARTS_PROGRESS.has(action)) forgetProgress(station, this.clock.now());
    const response = await withSpan('ocpp.command', { attributes, parent: traceparent }, () =>
      this.call(target, action, payload, timeoutMs),
    );
    const leftMs = timeoutMs - (this.clock.now().getTime() - begun);
    const isObeyed =
      !model.profiles.confirmBySchedule || (await this.obeys(target, command, response, leftMs));
    return this.answer(commandId, action, isObeyed ? response : rejected('COMMAND_NOT_OBEYED', NOT_OBEYED));
  }

  /**
   * Q50: some models accept a limit and go on as before; the schedule they work with says so. With no time left to ask, what the
   * charger said stands: who waits for this answer would hear nothing of it.
   */
  private async obeys(
    target: CommandTarget,
    command: Command,
    response: Response,
    leftMs: number,
  ): Promise<boolean> {
    if (command.type !== 'setChargingProfile' || leftMs <= 0) return true;
    const limit = command.profile.periods[0]?.limit;
    if (!limit || response.outcome !== CommandOutcome.COMMAND_OUTCOME_ACCEPTED) return true;
    const { action, payload } = compositeQuestion(target.station.version, command.evseNumber, limit.unit);
    const outcome = await this.ask(target, action, payload, leftMs);
    return outcome.kind !== 'result' || scheduleAllowsMore(limit, outcome.payload) !== true;
  }

  private async ask(
    target: CommandTarget,
    action: string,
    payload: JsonObject,
    timeoutMs: number,
  ): Promise<CallOutcome> {
    const outcome = await target.call(this.ids.newId(), action, payload, timeoutMs);
    noteOutcome(target, outcome.kind, this.clock.now());
    return outcome;
  }

  /** Plug and charge over 1.6 has two dialects: a station that knows not the one is asked in the other. */
  private async say(target: CommandTarget, call: CommandCall, timeoutMs: number): Promise<CallOutcome> {
    const isPnc = call.action === 'DataTransfer' && call.payload['vendorId'] === PNC_VENDOR;
    const begun = this.clock.now().getTime();
    const notes = notesOf(target.station, this.clock.now());
    if (!isPnc || !notes.speaksOldPlugAndCharge) {
      const outcome = await this.ask(target, call.action, call.payload, timeoutMs);
      if (!isPnc || !isUnknownVendor(outcome)) return outcome;
    }
    const old = oldCall(call);
    const left = timeoutMs - (this.clock.now().getTime() - begun);
    const outcome = await this.ask(target, old.action, old.payload, left);
    if (outcome.kind !== 'result') return outcome;
    notes.speaksOldPlugAndCharge = !isUnknownVendor(outcome);
    return { ...outcome, payload: answerOfOld(old, outcome.payload) };
  }

  private async call(
    target: CommandTarget,
    action: string,
    payload: JsonObject,
    timeoutMs: number,
  ): Promise<Response> {
    const outcome = await this.say(target, { action, payload }, timeoutMs);
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

  /** An answer that bends the schema still says what the charger did, unless it is the word for it that is missing. */
  private result(station: Station, action: string, payload: JsonObject): Response {
    const check = this.schemas.validateInbound(station.version, action, 'response', payload);
    const content = check.ok ? check.payload : payload;
    const { accepted, status, isTold } = commandOutcome(action, content);
    const isKnown =
      check.ok || isTold || this.schemas.validateInbound(station.version, action, 'response', {}).ok;
    const yesOrNo = accepted
      ? CommandOutcome.COMMAND_OUTCOME_ACCEPTED
      : CommandOutcome.COMMAND_OUTCOME_REJECTED;
    const text = JSON.stringify(content);
    return {
      outcome: isKnown ? yesOrNo : CommandOutcome.COMMAND_OUTCOME_UNKNOWN,
      status: isKnown ? status.slice(0, MAX_TEXT) : '',
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

function isUnknownVendor(outcome: CallOutcome): boolean {
  return outcome.kind === 'result' && outcome.payload['status'] === 'UnknownVendorId';
}

const NOT_OBEYED = 'The station accepted the limit, and its schedule allows more.';

/** The sender checked it for the version it knew; the charger may have come back with another one. */
function mappedFor(
  station: Station,
  request: ocppGateway.SendRequest,
  model: StationModel,
  now: Date,
): (CommandCall & { command: Command }) | (Response & { errorCode: string }) {
  try {
    const command = shaped(commandOf(request), model, now);
    return { ...commandCall(station.version, command), command };
  } catch (thrown) {
    const error = toAppError(thrown);
    return { ...rejected(error.code, error.publicText), errorCode: error.code };
  }
}

function shaped(command: Command, { profiles }: StationModel, now: Date): Command {
  if (command.type !== 'setChargingProfile') return command;
  return { ...command, profile: shapedProfile(command.profile, command.evseNumber, profiles, now) };
}

function rejected(errorCode: string, errorDescription = ''): Response {
  return { outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED, errorCode, errorDescription };
}
