import { Injectable } from '@nestjs/common';
import type { Principal } from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';
import type { SessionView } from '../persistence/session-reading.repository.js';
import { ReadSessions } from './read-sessions.js';
import { RunCommand } from './run-command.js';

export interface StopInput {
  readonly sessionId: string;
  readonly idempotencyKey?: string | null;
}

export type StopRefusal = 'ALREADY_ENDED' | 'STATION_OFFLINE' | 'STATION_REFUSED' | 'STATION_SILENT';

export type StopResult =
  | { readonly kind: 'requested'; readonly session: SessionView }
  | { readonly kind: 'refused'; readonly reason: StopRefusal; readonly message: string };

const REFUSAL_OF_OUTCOME: Readonly<Record<CommandOutcome, StopRefusal | undefined>> = {
  ACCEPTED: undefined,
  REJECTED: 'STATION_REFUSED',
  CHARGER_ERROR: 'STATION_REFUSED',
  OFFLINE: 'STATION_OFFLINE',
  UNKNOWN: 'STATION_SILENT',
};

const TEXT: Readonly<Record<StopRefusal, string>> = {
  ALREADY_ENDED: 'This session is over already.',
  STATION_OFFLINE: 'The station is not connected.',
  STATION_REFUSED: 'The station refused to stop.',
  STATION_SILENT: 'The station did not answer in time; it may still stop.',
};

/** The driver of a session, or an operator of its tenant, asks the station to end it. */
@Injectable()
export class StopSession {
  constructor(
    private readonly reading: ReadSessions,
    private readonly commands: RunCommand,
  ) {}

  async stop(principal: Principal, input: StopInput): Promise<StopResult> {
    const view = await this.reading.one(principal, input.sessionId);
    const { session } = view;
    if (session.end) return refused('ALREADY_ENDED');
    const { outcome } = await this.commands.run(principal, {
      stationId: session.stationId,
      action: 'RequestStop',
      args: { sessionId: session.sessionId },
      idempotencyKey: input.idempotencyKey,
      command: () => ({ requestStop: { transactionRef: session.transactionRef } }),
    });
    const refusal = REFUSAL_OF_OUTCOME[outcome];
    return refusal ? refused(refusal) : { kind: 'requested', session: view };
  }
}

function refused(reason: StopRefusal): StopResult {
  return { kind: 'refused', reason, message: TEXT[reason] };
}
