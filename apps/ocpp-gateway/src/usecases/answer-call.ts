import { invalid, isAppError, toAppError, type AppError } from '@kilowatch/kernel';
import {
  STATION_ACTIONS,
  answerPayload,
  callErrorText,
  callResultText,
  errorCode,
  isTransactionAction,
  mapCall,
  neutralAnswer,
  parseFrame,
  repairedJson,
  type ChargerAnswer,
  type ChargerMessage,
  type InboundCheck,
  type JsonObject,
  type OcppSchemas,
  type RpcFault,
} from '@kilowatch/ocpp';
import { counter, histogram, withSpan, type Logger } from '@kilowatch/platform';
import { answerToFailure } from '../domain/answer-policy.js';
import { notesOf } from './connection-notes.js';
import { route } from './inbound-routes.js';
import { isRepeatedProgress, noteProgress } from './progress-notes.js';
import type { QuarantineFrame } from './quarantine-frame.js';
import type { HandlerPorts, StationCall } from './station-call.js';
import type { StationDeviations } from './station-deviations.js';
import { tokenOfAside, type AsideCall } from './token-of-aside.js';
import { withKnownCard } from './with-known-card.js';

/** What the socket does once a call has been worked on. `close`: without an answer, so that the charger keeps its message. */
export type CallReply =
  | { readonly kind: 'send'; readonly text: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

type Outcome = 'answered' | 'call_error' | 'closed' | 'quarantined';

/** From a CALL to its answer: checked, mapped, sent down its road, answered once its effect is committed. Never rejects. */
export class AnswerCall {
  private readonly seconds = histogram('kw_ocpp_call_seconds');
  private readonly calls = counter('kw_ocpp_calls_total');

  constructor(
    private readonly schemas: OcppSchemas,
    private readonly ports: HandlerPorts,
    private readonly quarantine: QuarantineFrame,
    private readonly log: Logger,
    private readonly deviations: Pick<StationDeviations, 'note'>,
  ) {}

  async answer(call: StationCall): Promise<CallReply> {
    const started = performance.now();
    const { version, stationId } = call.station;
    notesOf(call.station, call.receivedAt).lastCallAt = call.receivedAt;
    const known = STATION_ACTIONS[version].has(call.action);
    // An action comes from the network: only names we know may become labels.
    const action = known ? call.action : 'unknown';
    const attributes = { 'ocpp.action': action, 'ocpp.version': version, 'station.id': stationId };
    const [outcome, reply] = await withSpan('ocpp.call', { attributes }, () => this.work(call, known));
    this.seconds.observe({ action }, (performance.now() - started) / 1000);
    this.calls.inc({ version, action, outcome });
    return reply;
  }

  private async work(call: StationCall, known: boolean): Promise<[Outcome, CallReply]> {
    try {
      if (!known) return await this.notForUs(call);
      const { version } = call.station;
      const check = this.schemas.validateInbound(version, call.action, 'request', call.payload);
      if (!check.ok) return await this.unprocessable(call, check.problem.fault, check.problem.text);
      const { message, answer } = await this.takeEffect(call, check);
      return ['answered', this.result(call, message, answer)];
    } catch (thrown) {
      return await this.failed(call, toAppError(thrown));
    }
  }

  /**
   * The effect of a call without its answer: for one that was answered long ago. Throws INVALID, naming the place, when it does
   * not fit the schema, and whatever its road throws.
   */
  async process(call: StationCall): Promise<void> {
    const { station, action, payload } = call;
    const check = this.schemas.validateInbound(station.version, action, 'request', payload);
    if (!check.ok) {
      const { path, text } = check.problem;
      throw invalid('OCPP_PAYLOAD_INVALID', `${action} ${text}`, { path });
    }
    await this.takeEffect(call, check);
  }

  private async takeEffect(
    call: StationCall,
    check: InboundCheck & { ok: true },
  ): Promise<{ message: ChargerMessage; answer: ChargerAnswer }> {
    const { version } = call.station;
    const mapped = mapCall(version, call.action, check.payload, { receivedAt: call.receivedAt });
    const deviations = this.deviations.note(call.station, check.deviations, mapped.deviations);
    const message = await withKnownCard(this.ports.models, call.station, mapped.message);
    if (isRepeatedProgress(call)) return { message, answer: { type: 'empty' } };
    const answer = await route(this.ports, call, message, deviations);
    noteProgress(call);
    return { message, answer };
  }

  /**
   * An action that stations do not send, or that the version does not have. A transaction message of another version (Q3) is
   * refused as the protocol wants and kept: the charger will drop it.
   */
  private async notForUs(call: StationCall): Promise<[Outcome, CallReply]> {
    const { id, action, station, payload } = call;
    if (isTransactionAction(action)) await this.quarantine.keep(call, 'OTHER_VERSION');
    const answer = neutralAnswer(station.version, action, this.ports.clock.now(), payload);
    if (answer.kind === 'result') return ['answered', send(callResultText(id, answer.payload))];
    return ['call_error', send(callErrorText(id, answer.code, answer.description))];
  }

  private result(call: StationCall, message: ChargerMessage, answer: ChargerAnswer): CallReply {
    const { version } = call.station;
    // Values of a stream come as a SEND and then nobody hears this; as a call they are refused, although they are kept.
    if (message.type === 'other' || message.type === 'eventStreamData') {
      const neutral = neutralAnswer(version, call.action, this.ports.clock.now(), call.payload);
      if (neutral.kind === 'error') return send(callErrorText(call.id, neutral.code, neutral.description));
      return send(callResultText(call.id, neutral.payload));
    }
    return send(callResultText(call.id, this.strict(call, answer)));
  }

  /** Never sends what a charger may choke on: extras are dropped first, and that is our fault to look into. */
  private strict(call: StationCall, answer: ChargerAnswer): JsonObject {
    const { version } = call.station;
    const payload = answerPayload(version, call.action, answer);
    const check = this.schemas.validateOutbound(version, call.action, 'response', payload);
    if (check.ok) return payload;
    this.log.error({ action: call.action, problem: check.problem }, 'own answer violates the schema');
    return answerPayload(version, call.action, withoutExtras(answer));
  }

  /**
   * A call that cannot be read as a whole: mended where its model is known to write so (Q8); else one about a transaction is kept, and
   * any other refused.
   */
  async answerBroken(call: Omit<AsideCall, 'payload'>): Promise<CallReply> {
    const mended = await this.mended(call);
    if (mended) return this.answer(mended);
    if (!isTransactionAction(call.action)) return send(refusalOf(call));
    const [, reply] = await this.setAside(call, 'FRAME_BROKEN');
    return reply;
  }

  private async mended(call: Omit<AsideCall, 'payload'>): Promise<StationCall | undefined> {
    const { repairsJson } = await this.ports.models.of(call.station);
    if (!repairsJson) return undefined;
    const frame = parseFrame(repairedJson(call.text), call.station.version);
    if (frame.kind !== 'call') return undefined;
    this.deviations.note(call.station, [{ kind: 'json_repaired', path: 'message' }]);
    return { ...call, id: frame.id, action: frame.action, payload: frame.payload, memory: new Map() };
  }

  private async failed(call: StationCall, error: AppError): Promise<[Outcome, CallReply]> {
    const { stationId, tenant } = call.station;
    const fields = { tenant, stationId, action: call.action, kind: error.kind, code: error.code };
    const policy = answerToFailure(call.action, error);
    if (error.kind === 'INTERNAL' || policy.kind === 'quarantine')
      this.log.error({ ...fields, err: error }, 'call failed');
    else this.log.debug(fields, 'call failed');
    if (policy.kind === 'close') return ['closed', policy];
    if (policy.kind === 'quarantine') return this.setAside(call, error.code);
    return [
      'call_error',
      send(callErrorText(call.id, errorCode(call.station.version, policy.fault), error.publicText)),
    ];
  }

  private unprocessable(call: StationCall, fault: RpcFault, text: string): Promise<[Outcome, CallReply]> {
    if (isTransactionAction(call.action)) return this.setAside(call, `SCHEMA_${fault.toUpperCase()}`);
    const { version } = call.station;
    return Promise.resolve(['call_error', send(callErrorText(call.id, errorCode(version, fault), text))]);
  }

  /** Keeps the raw frame and answers as one that was taken in: an error would make the charger drop it after three tries. */
  async setAside(call: AsideCall, reason: string): Promise<[Outcome, CallReply]> {
    try {
      const { transactionRef, frameId } = await this.quarantine.keep(call, reason);
      const token = await tokenOfAside(this.ports, call, frameId);
      const answer: ChargerAnswer = { type: 'transaction', transactionRef, token };
      const payload =
        call.action === 'MeterValues' ? {} : answerPayload(call.station.version, call.action, answer);
      return ['quarantined', send(callResultText(call.id, payload))];
    } catch (thrown) {
      const { stationId, tenant } = call.station;
      const err = isAppError(thrown) ? thrown : toAppError(thrown);
      this.log.error({ err, tenant, stationId, action: call.action }, 'frame could not be quarantined');
      return ['closed', { kind: 'close', code: 1011, reason: 'cannot store' }];
    }
  }
}

function send(text: string): CallReply {
  return { kind: 'send', text };
}

function withoutExtras(answer: ChargerAnswer): ChargerAnswer {
  if (answer.type === 'authorize') return { type: 'authorize', token: { status: answer.token.status } };
  if (answer.type !== 'transaction' || answer.token === null) return answer;
  return { ...answer, totalCost: null, token: { status: answer.token.status } };
}

function refusalOf({ id, station: { version }, text }: Omit<AsideCall, 'payload'>): string {
  const frame = parseFrame(text, version);
  const refusal = frame.kind === 'invalid' ? frame.reply : null;
  return refusal ?? callErrorText(id, errorCode(version, 'formation'), 'not readable');
}
