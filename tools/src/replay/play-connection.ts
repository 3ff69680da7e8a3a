import { TypedOcppSchemas, versionOfSubprotocol, type OcppVersion } from '@kilowatch/ocpp';
import { waitFor } from '@kilowatch/testing';
import { WebSocket } from 'ws';
import { PlayCommands, type SendCommand } from './play-commands.js';
import type { Frame, RecordedConnection } from './recording.js';

export interface PlayResult {
  readonly calls: number;
  readonly answered: number;
  /** 2.1: messages that get no answer. */
  readonly sends: number;
  /** Commands of the recording that came and had their right outcome. */
  readonly commands: number;
  /** One sentence for each answer that is wrong or missing. */
  readonly problems: readonly string[];
  /** Why the station was refused at the door: NO_SUBPROTOCOL or `HTTP <status>`. */
  readonly refused: string | undefined;
}

export const NO_SUBPROTOCOL = 'no common subprotocol';

const ANSWER_TIMEOUT_MS = 15_000;
/** What the recorded central system did not say has no schema-correct answer but these. */
const LEGITIMATE_ERRORS = new Set(['NotImplemented', 'NotSupported']);

/**
 * Plays the charger's side of one connection: its calls in its order and pipelining, 1.6 transaction ids made ours. Offers what was
 * agreed on. Commands in the recording are sent with `sendCommand` and answered as recorded; without it they are left out.
 */
export async function playConnection(
  connection: RecordedConnection,
  ocppUrl: string,
  sendCommand?: SendCommand,
): Promise<PlayResult> {
  const socket = new WebSocket(
    `${ocppUrl}/${encodeURIComponent(connection.station)}`,
    [connection.protocol],
    {
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    },
  );
  const refused = await opened(socket);
  if (refused !== undefined) return { ...NOTHING, refused };
  const player = new Player(socket, connection, sendCommand);
  try {
    return await player.play();
  } finally {
    // Chargers that vanished in the recording vanish here too.
    if (connection.closeCode === 1006) socket.terminate();
    else socket.close();
  }
}

const NOTHING: PlayResult = {
  calls: 0,
  answered: 0,
  sends: 0,
  commands: 0,
  problems: [],
  refused: undefined,
};

class Player {
  private readonly schemas = new TypedOcppSchemas();
  private readonly version: OcppVersion;
  private readonly answers = new Map<string, Frame>();
  private readonly transactionIds = new Map<unknown, unknown>();
  private readonly problems: string[] = [];
  /** Ids of SENDs, of which none may be answered. */
  private readonly sends = new Set<string>();
  private readonly commands: PlayCommands;

  constructor(
    private readonly socket: WebSocket,
    private readonly connection: RecordedConnection,
    sendCommand: SendCommand | undefined,
  ) {
    this.commands = new PlayCommands(connection.station, connection.lines, sendCommand);
    this.version = versionOfSubprotocol(socket.protocol || connection.protocol) ?? '1.6';
    socket.on('message', (data) => this.received(JSON.parse(String(data)) as Frame));
    socket.on('error', () => undefined);
  }

  async play(): Promise<PlayResult> {
    const pending = new Map<string, string>();
    let calls = 0;
    let answered = 0;
    const settle = async (id: string) => {
      const action = pending.get(id);
      if (action === undefined) return;
      pending.delete(id);
      if (await this.settled(id, action)) answered += 1;
    };
    for (const { dir, frame } of this.connection.lines) {
      if (!frame) continue;
      if (dir === 'cs->csms' && frame[0] === 2) {
        calls += 1;
        const action = String(frame[2]);
        pending.set(frame[1], action);
        this.socket.send(JSON.stringify([2, frame[1], action, this.withOurIds(frame[3])]));
      } else if (dir === 'cs->csms') {
        await this.said(frame);
      } else if (frame[0] === 2) {
        await this.commands.ask(frame);
      } else if (frame[0] === 3 || frame[0] === 4) {
        await settle(frame[1]);
        this.learnTransactionId(frame);
      }
    }
    for (const id of [...pending.keys()]) await settle(id);
    const unwanted = [...this.sends].filter((id) => this.answers.has(id));
    return {
      calls,
      answered,
      sends: this.sends.size,
      commands: this.commands.done,
      problems: [
        ...this.problems,
        ...this.commands.problems,
        ...unwanted.map((id) => `${this.connection.station} ${id}: a SEND was answered`),
      ],
      refused: undefined,
    };
  }

  /** What is no call: the answer to a command, a SEND, a CALLRESULTERROR. */
  private async said(frame: Frame): Promise<void> {
    if (frame[0] === 3 || frame[0] === 4) {
      const answer = this.commands.answer(frame);
      if (!answer) return;
      this.socket.send(JSON.stringify(answer));
      return this.commands.settle(frame);
    }
    if (frame[0] === 6) this.sends.add(frame[1]);
    this.socket.send(JSON.stringify(frame));
  }

  private received(frame: Frame): void {
    switch (frame[0]) {
      case 2:
        return this.commanded(frame);
      case 3:
      case 4:
        this.answers.set(frame[1], frame);
        return;
      case 5:
        return this.commands.resultRefused(frame[1]);
      default:
        this.problems.push(`${this.connection.station}: a frame of the type ${frame[0]} came`);
    }
  }

  /** A command that is not in the recording, such as those after a boot, is one that the recorded charger does not know. */
  private commanded(frame: Frame): void {
    const [, id, action, payload] = frame;
    const checked = this.schemas.validateOutbound(this.version, String(action), 'request', payload as never);
    if (!checked.ok)
      this.problems.push(
        `${this.connection.station} ${String(action)}: command breaks the schema at ${checked.problem.path}: ${checked.problem.text}`,
      );
    if (!this.commands.takes(frame)) this.socket.send(JSON.stringify([4, id, 'NotImplemented', '', {}]));
  }

  private async settled(id: string, action: string): Promise<boolean> {
    const where = `${this.connection.station} ${action} ${id}`;
    try {
      await waitFor(
        `an answer to ${where}`,
        () => this.answers.has(id) || this.socket.readyState === WebSocket.CLOSED,
        {
          timeoutMs: ANSWER_TIMEOUT_MS,
          everyMs: 2,
        },
      );
    } catch {
      this.problems.push(`${where}: no answer`);
      return false;
    }
    const answer = this.answers.get(id);
    if (!answer) {
      this.problems.push(`${where}: the socket was closed instead of an answer`);
      return false;
    }
    if (answer[0] === 4) {
      if (!LEGITIMATE_ERRORS.has(String(answer[2])))
        this.problems.push(`${where}: ${answer[2]} ${String(answer[3])}`);
      return true;
    }
    const checked = this.schemas.validateOutbound(this.version, action, 'response', answer[2] as never);
    if (!checked.ok)
      this.problems.push(
        `${where}: answer breaks the schema at ${checked.problem.path}: ${checked.problem.text}`,
      );
    return true;
  }

  /** The recorded answer named a transaction; ours named another: from now on the charger uses ours. */
  private learnTransactionId(recorded: Frame): void {
    const theirs = (recorded[2] as { transactionId?: unknown } | undefined)?.transactionId;
    const ours = (this.answers.get(recorded[1])?.[2] as { transactionId?: unknown } | undefined)
      ?.transactionId;
    if (theirs !== undefined && ours !== undefined) this.transactionIds.set(theirs, ours);
  }

  private withOurIds(payload: unknown): unknown {
    const fields = (payload ?? {}) as Record<string, unknown>;
    const ours = this.transactionIds.get(fields['transactionId']);
    return ours === undefined ? fields : { ...fields, transactionId: ours };
  }
}

/** Resolves with undefined when open, else with why it was refused. */
function opened(socket: WebSocket): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(undefined));
    socket.once('unexpected-response', (_request, response) => {
      resolve(`HTTP ${response.statusCode}`);
      response.destroy();
    });
    // The ws client gives up on an upgrade that agrees on no subprotocol: refused as OCPP-J wants it.
    socket.once('error', (error) =>
      /no subprotocol/.test(error.message) ? resolve(NO_SUBPROTOCOL) : reject(error),
    );
  });
}
