import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock } from '@kilowatch/kernel';
import { CLOCK, type Principal } from '@kilowatch/platform';
import { DisplayMessageRepository } from '../persistence/display-message.repository.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';
import { requireNumber } from './transaction-request.js';

export interface DisplayMessageInput {
  readonly stationId: string;
  /** Replaces that message; without it the message is a new one. */
  readonly number?: number | null;
  readonly content: string;
  readonly format: string;
  readonly language?: string | null;
  readonly priority: string;
  readonly state?: string | null;
  readonly startsAt?: Date | null;
  readonly endsAt?: Date | null;
  readonly transactionId?: string | null;
  readonly idempotencyKey?: string | null;
}

const MAX_CONTENT = 1024;
const MAX_LANGUAGE = 8;

/** Shows a text on a station's display (2.x). What it holds is remembered when it said yes. */
@Injectable()
export class SetDisplayMessage {
  constructor(
    private readonly stations: OperatedStation,
    private readonly messages: DisplayMessageRepository,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async set(principal: Principal, input: DisplayMessageInput): Promise<CommandAnswer> {
    const { stationId, idempotencyKey, ...told } = input;
    if (input.content === '' || input.content.length > MAX_CONTENT) {
      throw invalid('SESSIONS_DISPLAY_CONTENT', `A message has 1 to ${MAX_CONTENT} characters.`);
    }
    if ((input.language?.length ?? 0) > MAX_LANGUAGE) {
      throw invalid('SESSIONS_DISPLAY_LANGUAGE', 'A language is a code such as en or nl-BE.');
    }
    requireNumber('DISPLAY_MESSAGE', input.number ?? 0);
    await this.stations.one(principal, stationId);
    const shown = {
      priority: input.priority,
      state: input.state ?? '',
      format: input.format,
      language: input.language ?? '',
      content: input.content,
    };
    const transactionRef = input.transactionId ?? '';
    return this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'SetDisplayMessage',
      args: told,
      command: (id) => ({
        setDisplayMessage: {
          ...shown,
          messageNumber: numberOf(input, id),
          startAt: input.startsAt ?? undefined,
          endAt: input.endsAt ?? undefined,
          transactionRef,
        },
      }),
      finished: async (tx, id, { outcome }) => {
        if (outcome !== 'ACCEPTED') return;
        const message = {
          ...shown,
          number: numberOf(input, id),
          start_at: input.startsAt ?? null,
          end_at: input.endsAt ?? null,
          transaction_ref: transactionRef,
          updated_at: this.clock.now(),
        };
        await this.messages.save(tx, principal.tenant, stationId, [message], null);
        tx.live('station', stationId);
      },
    });
  }

  async clear(
    principal: Principal,
    input: { readonly stationId: string; readonly number: number; readonly idempotencyKey?: string | null },
  ): Promise<CommandAnswer> {
    const { stationId, number, idempotencyKey } = input;
    requireNumber('DISPLAY_MESSAGE', number);
    await this.stations.one(principal, stationId);
    return this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'ClearDisplayMessage',
      args: { number },
      command: () => ({ clearDisplayMessage: { messageNumber: number } }),
      finished: async (tx, _id, { outcome, status }) => {
        // Unknown: the station has no such message, so neither have we.
        if (outcome !== 'ACCEPTED' && status !== 'Unknown') return;
        await this.messages.remove(tx, principal.tenant, stationId, number);
        tx.live('station', stationId);
      },
    });
  }

  /** Asks the station what it holds; the answer comes in pages (record-display-messages.ts). */
  async refresh(
    principal: Principal,
    input: { readonly stationId: string; readonly idempotencyKey?: string | null },
  ): Promise<CommandAnswer> {
    const { stationId, idempotencyKey } = input;
    const { tenant } = principal;
    await this.stations.one(principal, stationId);
    return this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'GetDisplayMessages',
      args: {},
      prepare: (tx, id) =>
        this.messages.beginRefresh(tx, tenant, stationId, numberFrom(id), this.clock.now()),
      command: (id) => ({ getDisplayMessages: { requestId: numberFrom(id) } }),
      finished: async (tx, id, { status }) => {
        if (status !== 'Unknown') return;
        // It holds none, and sends no page that would say so.
        await this.messages.endRefresh(tx, tenant, stationId, numberFrom(id), this.clock.now());
        tx.live('station', stationId);
      },
    });
  }
}

function numberOf({ number }: DisplayMessageInput, auditId: string): number {
  return number || numberFrom(auditId);
}

/** 1 .. 2^31 - 1, the same for every repetition of a request. */
function numberFrom(auditId: string): number {
  const tail = Number.parseInt(auditId.replaceAll('-', '').slice(-8), 16);
  return (tail % 2_147_483_647) + 1;
}
