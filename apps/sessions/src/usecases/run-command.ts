import { Inject, Injectable } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
import { conflict, invalid, toAppError, type Clock, type IdSource } from '@kilowatch/kernel';
import { maskedPayload, maskedText, type JsonObject } from '@kilowatch/ocpp';
import { argsHash, CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';
import { COMMANDS, type CommandClient } from '../peers.js';
import { CommandAuditRepository } from '../persistence/command-audit.repository.js';

export interface CommandAnswer {
  readonly commandId: string;
  readonly outcome: CommandOutcome;
  readonly status: string;
  readonly errorCode: string;
  readonly errorDescription: string;
  readonly payloadJson: string;
}

/** `auditId`: the id of the audit row, the same for each repetition of a key. */
export type RanCommand = CommandAnswer & { readonly auditId: string };

export type CommandBody = Omit<
  ocppGateway.SendRequest,
  'stationId' | 'idempotencyKey' | 'timeoutSeconds' | 'requestedBy'
>;

export interface CommandPlan {
  readonly stationId: string;
  readonly action: string;
  /** Tells two requests of one key apart. */
  readonly args: object;
  /** What the audit keeps of them, when that is not all: no secrets. */
  readonly auditedArgs?: object;
  readonly idempotencyKey?: string | null;
  readonly timeoutSeconds?: number | null;
  /** In the transaction that writes the audit row, once per key. */
  readonly prepare?: (tx: Tx, auditId: string) => Promise<void>;
  /** What to send; `auditId` is the same again for a repetition of the key. */
  readonly command: (auditId: string) => Promise<CommandBody> | CommandBody;
  /** False: what the charger answered is stored elsewhere, and may be large; a repeated key gets the outcome alone. */
  readonly keepsAnswer?: boolean;
  /** In the transaction that writes the outcome. */
  readonly finished?: (tx: Tx, auditId: string, answer: CommandAnswer) => Promise<void>;
}

// A person waits at most 10 s for an operation (platform): the charger gets what is left of it.
const DEFAULT_TIMEOUT_SECONDS = 8;
const MAX_TIMEOUT_SECONDS = 60;
const MAX_KEY = 200;

const OUTCOMES: Readonly<Record<number, CommandOutcome>> = {
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED]: 'ACCEPTED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_REJECTED]: 'REJECTED',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR]: 'CHARGER_ERROR',
  [ocppGateway.CommandOutcome.COMMAND_OUTCOME_OFFLINE]: 'OFFLINE',
};

const SILENT: Omit<CommandAnswer, 'commandId'> = {
  outcome: 'UNKNOWN',
  status: '',
  errorCode: '',
  errorDescription: '',
  payloadJson: '',
};

/**
 * Sends a command and leaves an audit row: who, what, outcome. The row is committed before the command leaves, so one
 * that was sent is never unknown to us; the same key again gives the stored answer, or asks the gateway for it.
 */
@Injectable()
export class RunCommand {
  constructor(
    private readonly database: Database,
    private readonly audits: CommandAuditRepository,
    @Inject(COMMANDS) private readonly peer: CommandClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(principal: Principal, plan: CommandPlan): Promise<RanCommand> {
    const timeoutSeconds = plan.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > MAX_TIMEOUT_SECONDS) {
      throw invalid('SESSIONS_COMMAND_TIMEOUT', `A timeout is 1 to ${MAX_TIMEOUT_SECONDS} seconds.`);
    }
    const { auditId, stored } = await this.begin(principal, plan);
    if (stored) return { ...stored, auditId };
    const answer = await this.send(principal, plan, auditId, timeoutSeconds);
    await this.database.transaction(tenantScope(principal.tenant), async (tx) => {
      const kept = { ...keptAnswer(answer), ...(plan.keepsAnswer === false ? { payloadJson: '' } : {}) };
      await this.audits.finish(tx, principal.tenant, auditId, answer.outcome, kept, this.clock.now());
      await plan.finished?.(tx, auditId, answer);
    });
    return { ...answer, auditId };
  }

  private async send(
    principal: Principal,
    plan: CommandPlan,
    auditId: string,
    timeoutSeconds: number,
  ): Promise<CommandAnswer> {
    try {
      const sent = await this.peer.send(
        {
          ...(await plan.command(auditId)),
          stationId: plan.stationId,
          idempotencyKey: auditId,
          timeoutSeconds,
          requestedBy: principal.accountId,
        },
        { tenant: principal.tenant, deadlineMs: (timeoutSeconds + 2) * 1000, idempotent: true },
      );
      const { status, errorCode, errorDescription, payloadJson } = sent;
      return {
        commandId: sent.commandId || auditId,
        outcome: outcomeOf(sent),
        status,
        errorCode,
        errorDescription,
        payloadJson,
      };
    } catch (error) {
      // We stopped waiting, the charger may have acted.
      if (toAppError(error).kind === 'TIMEOUT') return { ...SILENT, commandId: auditId };
      throw error;
    }
  }

  private begin(
    principal: Principal,
    plan: CommandPlan,
  ): Promise<{ auditId: string; stored: CommandAnswer | undefined }> {
    const id = this.ids.newId();
    const key = plan.idempotencyKey ?? '';
    if (key.length > MAX_KEY) throw invalid('SESSIONS_IDEMPOTENCY_KEY', 'The idempotency key is too long.');
    const hash = argsHash({ stationId: plan.stationId, ...plan.args });
    return this.database.transaction(tenantScope(principal.tenant), async (tx) => {
      const { audit, isNew } = await this.audits.begin(tx, {
        tenant: principal.tenant,
        id,
        stationId: plan.stationId,
        action: plan.action,
        arguments: maskedPayload((plan.auditedArgs ?? plan.args) as JsonObject),
        requestedBy: principal.accountId,
        role: principal.role,
        idempotencyKey: key || id,
        argsHash: hash,
        requestedAt: this.clock.now(),
      });
      if (audit.argsHash !== hash) {
        throw conflict('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used for another request.');
      }
      if (isNew) await plan.prepare?.(tx, audit.id);
      // An unknown outcome is asked for again: the gateway may know it by now, and never sends a key twice.
      const known = audit.outcome !== null && audit.outcome !== 'UNKNOWN';
      return { auditId: audit.id, stored: known ? (audit.answer as CommandAnswer) : undefined };
    });
  }
}

/** The audit is kept for years. Who asked hears all of it, who repeats the key what was kept. */
function keptAnswer(answer: CommandAnswer): CommandAnswer {
  const { payloadJson, errorDescription } = answer;
  return {
    ...answer,
    payloadJson: maskedText(payloadJson),
    errorDescription: maskedText(errorDescription),
  };
}

/** What the gateway does not know, or says in a word of a later version, is UNKNOWN. */
export function outcomeOf({ outcome }: ocppGateway.SendResponse): CommandOutcome {
  return OUTCOMES[outcome] ?? 'UNKNOWN';
}
