import type { Tx } from '@kilowatch/platform';

export interface NewCommand {
  readonly tenant: string;
  readonly commandId: string;
  /** Service that asked; a key of one caller means nothing to another. */
  readonly caller: string;
  readonly idempotencyKey: string;
  readonly argsHash: string;
  readonly stationId: string;
  readonly requestedBy: string;
  readonly action: string;
  /** Without secrets and tokens. */
  readonly payload: object;
  readonly timeoutSeconds: number;
  readonly requestedAt: Date;
}

export interface CommandResult {
  readonly outcome: string;
  readonly status: string;
  readonly errorCode: string;
  readonly errorDescription: string;
  /** JSON text of the charger's answer; empty without one. */
  readonly answer: string;
}

export interface HeldCommand {
  readonly commandId: string;
  readonly argsHash: string;
  readonly requestedAt: Date;
  readonly timeoutSeconds: number;
  /** Undefined while it runs, or when the process that ran it is gone. */
  readonly result: CommandResult | undefined;
}

interface HeldRow {
  command_id: string;
  args_hash: string;
  requested_at: Date;
  timeout_seconds: number;
  outcome: string | null;
  status: string | null;
  error_code: string | null;
  error_description: string | null;
  answer: string | null;
}

export interface LoggedCommand {
  readonly commandId: string;
  readonly action: string;
  readonly payload: object;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly finishedAt: Date | null;
  /** Name of the proto enum, NOT_SENT, or null while it runs. */
  readonly outcome: string | null;
  readonly status: string | null;
  readonly errorCode: string | null;
  readonly errorDescription: string | null;
}

/** Every command: who asked for what, and what came of it. Also the memory behind idempotency keys (24 h). */
export class CommandLogRepository {
  /** Undefined: the command is new and now recorded. Else the one that has the key. */
  async begin(tx: Tx, command: NewCommand): Promise<HeldCommand | undefined> {
    const key = [command.tenant, command.caller, command.idempotencyKey];
    await tx.query(
      `UPDATE command_log SET idempotency_key = NULL
       WHERE tenant = $1 AND caller = $2 AND idempotency_key = $3 AND requested_at < $4::timestamptz - interval '24 hours'`,
      [...key, command.requestedAt],
    );
    const inserted = await tx.query(
      `INSERT INTO command_log (tenant, caller, idempotency_key, command_id, args_hash, station_id, requested_by, action,
         payload, timeout_seconds, requested_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       ON CONFLICT ON CONSTRAINT command_log_key DO NOTHING RETURNING 1`,
      [
        ...key,
        command.commandId,
        command.argsHash,
        command.stationId,
        command.requestedBy,
        command.action,
        JSON.stringify(command.payload),
        command.timeoutSeconds,
        command.requestedAt,
      ],
    );
    if (inserted.length > 0) return undefined;
    const [row] = await tx.query<HeldRow>(
      'SELECT * FROM command_log WHERE tenant = $1 AND caller = $2 AND idempotency_key = $3',
      key,
    );
    return heldOf(row!);
  }

  async finish(tx: Tx, tenant: string, commandId: string, result: CommandResult, now: Date): Promise<void> {
    await tx.query(
      `UPDATE command_log SET finished_at = $3, outcome = $4, status = $5, error_code = $6, error_description = $7, answer = $8
       WHERE tenant = $1 AND command_id = $2`,
      [
        tenant,
        commandId,
        now,
        result.outcome,
        result.status,
        result.errorCode,
        result.errorDescription,
        result.answer,
      ],
    );
  }

  /** Latest first. */
  async ofStation(
    tx: Tx,
    tenant: string,
    search: { stationId: string; after?: readonly [string, string] | undefined; limit: number },
  ): Promise<LoggedCommand[]> {
    const rows = await tx.query<
      HeldRow & { action: string; payload: object; requested_by: string; finished_at: Date | null }
    >(
      `SELECT * FROM command_log WHERE tenant = $1 AND station_id = $2
         AND ($3::timestamptz IS NULL OR (requested_at, command_id) < ($3, $4::uuid))
       ORDER BY requested_at DESC, command_id DESC LIMIT $5`,
      [tenant, search.stationId, search.after?.[0] ?? null, search.after?.[1] ?? null, search.limit],
    );
    return rows.map((row) => ({
      commandId: row.command_id,
      action: row.action,
      payload: row.payload,
      requestedAt: row.requested_at,
      requestedBy: row.requested_by,
      finishedAt: row.finished_at,
      outcome: row.outcome,
      status: row.status,
      errorCode: row.error_code,
      errorDescription: row.error_description,
    }));
  }

  /** Nothing was sent: the key is free again, the attempt stays on record. */
  async abandon(tx: Tx, tenant: string, commandId: string, errorCode: string, now: Date): Promise<void> {
    await tx.query(
      `UPDATE command_log SET idempotency_key = NULL, finished_at = $3, outcome = 'NOT_SENT', error_code = $4
       WHERE tenant = $1 AND command_id = $2`,
      [tenant, commandId, now, errorCode],
    );
  }
}

function heldOf(row: HeldRow): HeldCommand {
  return {
    commandId: row.command_id,
    argsHash: row.args_hash,
    requestedAt: row.requested_at,
    timeoutSeconds: row.timeout_seconds,
    result:
      row.outcome === null
        ? undefined
        : {
            outcome: row.outcome,
            status: row.status ?? '',
            errorCode: row.error_code ?? '',
            errorDescription: row.error_description ?? '',
            answer: row.answer ?? '',
          },
  };
}
