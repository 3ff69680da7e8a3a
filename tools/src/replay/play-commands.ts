import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '@kilowatch/testing';
import type { Frame } from './recording.js';

/** Has an operator send a command; resolves with its outcome as the API tells it. */
export type SendCommand = (action: string, payload: Record<string, unknown>) => Promise<string>;

interface RecordedCommand {
  readonly action: string;
  readonly payload: Record<string, unknown>;
  readonly outcome: Promise<string>;
  /** Message id that the central system gave it, once it has come. */
  id?: string;
}

const ARRIVES_WITHIN_MS = 10_000;

/**
 * The commands of a recording: sent over the API where the recording has them, answered as recorded, and their outcome
 * compared with that answer.
 */
export class PlayCommands {
  readonly problems: string[] = [];
  /** Sent and told their right outcome. */
  done = 0;
  private readonly commands = new Map<string, RecordedCommand>();
  private readonly unusable: ReadonlySet<string>;
  /** Ids of our results that the central system refused. */
  private readonly refused = new Set<string>();

  constructor(
    private readonly station: string,
    frames: readonly { readonly dir?: string; readonly frame?: Frame }[],
    private readonly send: SendCommand | undefined,
  ) {
    this.unusable = new Set(
      frames.flatMap(({ dir, frame }) => (dir === 'csms->cs' && frame?.[0] === 5 ? [frame[1]] : [])),
    );
  }

  /** A command in the recording: sent now; resolves when the station has it. */
  async ask(recorded: Frame): Promise<void> {
    const [, id, action, payload] = recorded;
    if (!this.send) return;
    const command: RecordedCommand = {
      action: String(action),
      payload: (payload ?? {}) as Record<string, unknown>,
      outcome: this.send(String(action), (payload ?? {}) as Record<string, unknown>).catch(
        (error: unknown) => `ERROR ${error instanceof Error ? error.message : String(error)}`,
      ),
    };
    this.commands.set(id, command);
    const came = waitFor(`the command ${command.action}`, () => command.id !== undefined, {
      timeoutMs: ARRIVES_WITHIN_MS,
      everyMs: 2,
    }).then(() => 'came');
    const first = await Promise.race([came.catch(() => 'nothing'), command.outcome]);
    if (first !== 'came' && command.id === undefined)
      this.problems.push(`${this.station} ${command.action}: did not come (${first})`);
  }

  /** True if a call of the central system is the recording's command; it is answered when the recording answers. */
  takes([, id, action, payload]: Frame): boolean {
    const command = [...this.commands.values()].find(
      (one) => one.id === undefined && one.action === action && isDeepStrictEqual(one.payload, payload),
    );
    if (command) command.id = id;
    return command !== undefined;
  }

  /** The recorded answer as it is to be sent now; undefined when its command never came. */
  answer(recorded: Frame): Frame | undefined {
    const [type, id, ...rest] = recorded;
    const command = this.commands.get(id);
    return command?.id === undefined ? undefined : [type, command.id, ...rest];
  }

  resultRefused(id: string): void {
    this.refused.add(id);
  }

  /** Compares the outcome that the operator was told with the recorded answer. */
  async settle(recorded: Frame): Promise<void> {
    const command = this.commands.get(recorded[1]);
    if (command?.id === undefined) return;
    const { id } = command;
    const where = `${this.station} ${command.action} ${recorded[1]}`;
    const unusable = this.unusable.has(recorded[1]);
    const wanted = unusable ? 'CHARGER_ERROR' : outcomeOf(recorded);
    const outcome = await command.outcome;
    if (outcome !== wanted) this.problems.push(`${where}: the outcome is ${outcome}, not ${wanted}`);
    else this.done += 1;
    if (!unusable) return;
    await waitFor('a CALLRESULTERROR', () => this.refused.has(id), { timeoutMs: ARRIVES_WITHIN_MS }).catch(
      () => this.problems.push(`${where}: no CALLRESULTERROR came for an answer that cannot be used`),
    );
  }
}

function outcomeOf([type, , payload]: Frame): string {
  if (type === 4) return 'CHARGER_ERROR';
  const { status = 'Accepted' } = payload as { status?: string };
  return status === 'Accepted' ? 'ACCEPTED' : 'REJECTED';
}
