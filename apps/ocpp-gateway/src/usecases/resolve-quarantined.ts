import { invalid, isUuid, notFound, precondition, type Clock } from '@kilowatch/kernel';
import {
  isJsonObject,
  parseFrame,
  versionOfSubprotocol,
  type JsonObject,
  type OcppVersion,
} from '@kilowatch/ocpp';
import { tenantScope, type Database, type Logger, type Principal } from '@kilowatch/platform';
import type {
  HeldFrame,
  QuarantinedFrameRepository,
  Resolution,
} from '../persistence/quarantined-frame.repository.js';
import type { AnswerCall } from './answer-call.js';
import type { StationCall } from './station-call.js';

const MAX_NOTE = 500;

/**
 * What an operator does about a transaction message that was kept raw: has it processed after a fix of ours or with a corrected
 * payload, or closes it. The charger was answered long ago and hears nothing of it. Everything behind is idempotent by business
 * key, so a replay that is repeated, or whose charger has sent the message again meanwhile, has one effect.
 */
export class ResolveQuarantined {
  constructor(
    private readonly database: Database,
    private readonly frames: QuarantinedFrameRepository,
    private readonly calls: Pick<AnswerCall, 'process'>,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Throws INVALID with the place that is wrong when it still cannot be processed; it stays open then. */
  async replay(principal: Principal, input: { frameId: string; payload?: unknown }): Promise<HeldFrame> {
    const held = await this.find(principal, input.frameId);
    if (held.resolution === 'REPLAYED') return held;
    if (held.resolution !== null) throw precondition('QUARANTINE_DISMISSED', 'This message was dismissed.');
    await this.calls.process(callOf(principal, held, input.payload));
    const note = input.payload === undefined || input.payload === null ? null : 'with a corrected payload';
    return this.resolve(principal, held, 'REPLAYED', note);
  }

  async dismiss(principal: Principal, input: { frameId: string; reason: string }): Promise<HeldFrame> {
    const reason = input.reason.trim();
    if (reason === '' || reason.length > MAX_NOTE)
      throw invalid('QUARANTINE_REASON', `Say why, in at most ${MAX_NOTE} characters.`);
    const held = await this.find(principal, input.frameId);
    if (held.resolution === 'REPLAYED')
      throw precondition('QUARANTINE_REPLAYED', 'This message was processed.');
    return held.resolution === null ? this.resolve(principal, held, 'DISMISSED', reason) : held;
  }

  private async find({ tenant }: Principal, frameId: string): Promise<HeldFrame> {
    const held = isUuid(frameId)
      ? await this.database.read(tenantScope(tenant), (tx) => this.frames.find(tx, tenant, frameId))
      : undefined;
    if (!held) throw notFound('QUARANTINE_UNKNOWN', 'There is no such message.');
    return held;
  }

  private async resolve(
    { tenant, accountId }: Principal,
    { frameId, stationId, action }: HeldFrame,
    resolution: Resolution,
    note: string | null,
  ): Promise<HeldFrame> {
    const resolved = await this.database.transaction(tenantScope(tenant), async (tx) => {
      await this.frames.resolve(tx, tenant, frameId, { resolution, note, accountId, at: this.clock.now() });
      return this.frames.find(tx, tenant, frameId);
    });
    this.log.info(
      { audit: 'quarantine_resolved', tenant, frameId, stationId, action, resolution, accountId },
      'quarantined frame resolved',
    );
    return resolved!;
  }
}

function callOf({ tenant }: Principal, held: HeldFrame, corrected: unknown): StationCall {
  const version = versionOfSubprotocol(held.protocol);
  if (version === undefined) throw invalid('QUARANTINE_PROTOCOL', `${held.protocol} is not served any more.`);
  const { id, payload } = contentOf(held, version, corrected);
  return {
    // A Station of its own, of which nothing is noted: the message was let through when it came.
    station: {
      tenant,
      stationId: held.stationId,
      connectionId: held.connectionId,
      // Of no present connection: only a live socket owns its station.
      generation: 0,
      identity: '',
      version,
      protocol: held.protocol,
      remoteIp: '',
      securityProfile: 0,
      credentialId: '',
      provisional: false,
      pinged: undefined,
    },
    id,
    action: held.action,
    payload,
    text: held.text,
    receivedAt: held.receivedAt,
    memory: new Map(),
    ...(held.transactionRef === null ? {} : { assignedTransactionRef: held.transactionRef }),
  };
}

function contentOf(
  held: HeldFrame,
  version: OcppVersion,
  corrected: unknown,
): { id: string; payload: JsonObject } {
  const frame = parseFrame(held.text, version);
  const id = frame.kind === 'call' ? frame.id : held.frameId;
  if (corrected !== undefined && corrected !== null) {
    if (!isJsonObject(corrected)) throw invalid('QUARANTINE_PAYLOAD', 'A payload is a JSON object.');
    return { id, payload: corrected };
  }
  if (frame.kind !== 'call') {
    throw invalid('QUARANTINE_UNREADABLE', 'The message cannot be read: give its payload, corrected.');
  }
  return { id, payload: frame.payload };
}
