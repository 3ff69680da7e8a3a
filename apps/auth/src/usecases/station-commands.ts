import { Inject, Injectable } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, toAppError } from '@kilowatch/kernel';
import { LOGGER, type Logger } from '@kilowatch/platform';
import { COMMANDS, type CommandClient } from '../peers.js';

/**
 * ACCEPTED, REJECTED: the station's word. CHARGER_ERROR: its CALLERROR, `errorCode` says which. OFFLINE: nothing was sent.
 * UNKNOWN: no answer in time, it may have acted. UNREACHED: the gateway is away or still at it; the same key again asks for the
 * outcome and sends nothing twice. UNSENDABLE: not an action of the station's version or not its schema, `errorCode` says which.
 */
export type StationOutcome =
  'ACCEPTED' | 'REJECTED' | 'CHARGER_ERROR' | 'OFFLINE' | 'UNKNOWN' | 'UNREACHED' | 'UNSENDABLE';

export interface StationAnswer {
  readonly outcome: StationOutcome;
  /** The status word of the station's answer, else empty. */
  readonly status: string;
  readonly errorCode: string;
  /** The station's answer, for the caller's schema; undefined when it gave none. */
  readonly payload: unknown;
}

/** Exactly one command, as in `SendRequest`. */
export type StationCommand = Omit<
  Partial<ocppGateway.SendRequest>,
  'stationId' | 'idempotencyKey' | 'timeoutSeconds' | 'requestedBy'
>;

export interface StationOrder {
  readonly tenant: string;
  readonly stationId: string;
  /** At most 200 characters. The same key within 24 h gives the stored outcome, OFFLINE and UNKNOWN too: a new attempt is a new key. */
  readonly key: string;
  readonly command: StationCommand;
  /** How long the station may take, 1 to 120. */
  readonly timeoutSeconds?: number;
}

const TIMEOUT_SECONDS = 30;
/** What the gateway needs beside the station. */
const ROAD_MS = 2_000;

const OUTCOMES: Readonly<Partial<Record<ocppGateway.CommandOutcome, StationOutcome>>> = {
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED]: 'ACCEPTED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_REJECTED]: 'REJECTED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR]: 'CHARGER_ERROR',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_OFFLINE]: 'OFFLINE',
};

/** Any action of the station's version; the gateway checks the payload against its schema. */
export function rawCommand(action: string, payload: object): StationCommand {
  return { raw: { action, payloadJson: JSON.stringify(payload) } };
}

/** Commands to stations by way of the gateway. Never inside a transaction: a station may take its time. */
@Injectable()
export class StationCommands {
  constructor(
    @Inject(COMMANDS) private readonly commands: CommandClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws only what is a fault of ours (a key used for something else, a refused service token). */
  async send(order: StationOrder): Promise<StationAnswer> {
    const { stationId, key, timeoutSeconds = TIMEOUT_SECONDS } = order;
    const request = ocppGateway.SendRequest.fromPartial({
      ...order.command,
      stationId,
      idempotencyKey: key,
      timeoutSeconds,
      requestedBy: 'auth',
    });
    const deadlineMs = timeoutSeconds * 1_000 + ROAD_MS;
    try {
      const answer = await this.commands.send(request, {
        tenant: tenantId(order.tenant),
        deadlineMs,
        idempotent: true,
      });
      return {
        outcome: OUTCOMES[answer.outcome] ?? 'UNKNOWN',
        status: answer.status,
        errorCode: answer.errorCode,
        payload: parsed(answer.payloadJson),
      };
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      const outcome = OUTCOME_OF_ERROR[kind];
      if (!outcome) throw thrown;
      this.log.warn({ stationId, key, kind, code }, 'command to a station not carried out');
      return { outcome, status: '', errorCode: code, payload: undefined };
    }
  }
}

const OUTCOME_OF_ERROR: Readonly<Partial<Record<string, StationOutcome>>> = {
  UNAVAILABLE: 'UNREACHED',
  TIMEOUT: 'UNREACHED',
  INVALID: 'UNSENDABLE',
};

/** The gateway passes on what it has parsed itself; an empty text is no answer. */
function parsed(json: string): unknown {
  return json === '' ? undefined : JSON.parse(json);
}
