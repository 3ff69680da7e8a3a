import type { ConnectionOptions } from 'node:tls';
import {
  SUBPROTOCOLS,
  TypedOcppSchemas,
  type JsonObject,
  type OcppVersion,
  type PayloadPart,
} from '@kilowatch/ocpp';
import { WebSocket } from 'ws';
import { Deviation } from './judge.js';
import { usualReply, type Reply, type Responder } from './reply.js';

export interface Command {
  readonly id: string;
  readonly action: string;
  readonly payload: JsonObject;
}

export type Answer =
  | { readonly kind: 'result'; readonly id: string; readonly payload: JsonObject }
  | { readonly kind: 'error'; readonly id: string; readonly code: string; readonly description: string };

export interface Door {
  readonly ocppUrl: string;
  readonly identity: string;
  readonly version: OcppVersion;
  /** Offered instead of the one of the version. */
  readonly subprotocols?: readonly string[];
  readonly password?: string;
  /** In place of the identity, in the credentials. */
  readonly user?: string;
  /** For a wss address. */
  readonly tls?: ConnectionOptions;
}

export type Entrance =
  | { readonly kind: 'open'; readonly station: ScriptedStation }
  /** HTTP status; 1002: no common subprotocol; 0: TLS failed. */
  | { readonly kind: 'refused'; readonly status: number };

const ANSWER_MS = 12_000;
const schemas = new TypedOcppSchemas();

/**
 * A station of any version that says what its case tells it to. It is strict: what the central system sends must fit the schema by
 * the letter, and so must what we send, unless it is sent as text.
 */
export class ScriptedStation {
  /** Everything the central system asked for, in its order. */
  readonly commands: Command[] = [];
  /** What broke a schema or the protocol, of the central system. */
  readonly problems: string[] = [];
  /** 2.1: results of ours that the central system could not use. */
  readonly refusedResults: { readonly id: string; readonly code: string }[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  private readonly pending = new Map<string, { action: string; settle: (answer: Answer) => void }>();
  private readonly strays: Answer[] = [];
  private readonly responders = new Map<string, Responder>();
  private readonly waiting = new Set<() => void>();
  private calls = 0;

  private constructor(
    private readonly socket: WebSocket,
    readonly version: OcppVersion,
  ) {
    socket.on('message', (data) => {
      this.received(String(data as Buffer));
      this.wake();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.wake();
    });
    socket.on('error', () => undefined);
  }

  static async connect(door: Door): Promise<ScriptedStation> {
    const entrance = await ScriptedStation.knock(door);
    if (entrance.kind === 'refused')
      throw new Deviation(`the station was not let in: HTTP ${entrance.status}`);
    return entrance.station;
  }

  /** Tries to get in, and says what came of it. */
  static knock(door: Door): Promise<Entrance> {
    const { ocppUrl, identity, version, password, user, tls } = door;
    const socket = new WebSocket(
      `${ocppUrl}/${encodeURIComponent(identity)}`,
      [...(door.subprotocols ?? [SUBPROTOCOLS[version]])],
      {
        perMessageDeflate: false,
        handshakeTimeout: 10_000,
        ...tls,
        ...(password === undefined ? {} : { auth: `${user ?? identity}:${password}` }),
      },
    );
    const station = new ScriptedStation(socket, version);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve({ kind: 'open', station }));
      socket.once('unexpected-response', (request, response) => {
        resolve({ kind: 'refused', status: response.statusCode ?? 0 });
        response.resume();
        request.destroy();
      });
      // The ws client gives up on an upgrade that agrees on no subprotocol: refused as OCPP-J wants it.
      socket.once('error', (error) => {
        if (/no subprotocol/.test(error.message)) resolve({ kind: 'refused', status: 1002 });
        else if (tls) resolve({ kind: 'refused', status: 0 });
        else reject(error);
      });
    });
  }

  get subprotocol(): string {
    return this.socket.protocol;
  }

  /** How it answers `action` from now on. */
  answers(action: string, reply: Reply | Responder): void {
    this.responders.set(action, typeof reply === 'function' ? reply : () => reply);
  }

  /** The result of a call. @throws Deviation when it is an error */
  async call(action: string, payload: JsonObject): Promise<JsonObject> {
    const answer = await this.ask(action, payload);
    if (answer.kind === 'error')
      throw new Deviation(`${action} was answered ${answer.code}: ${answer.description}`);
    return answer.payload;
  }

  /** Result or error of a call; its content must fit the schema. */
  ask(action: string, payload: JsonObject): Promise<Answer> {
    this.check(action, 'request', payload, (text) => {
      throw new Error(`the case itself is wrong: ${text}`);
    });
    return this.askAnything(action, payload);
  }

  /** The same for content of any kind. */
  askAnything(action: string, payload: unknown, id = this.nextId()): Promise<Answer> {
    return this.write(JSON.stringify([2, id, action, payload]), id, action);
  }

  /** A frame as text; resolves with what is answered to `id`. */
  async write(text: string, id: string, action = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Deviation(`${action || text} was not answered`)), ANSWER_MS);
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.pending.set(id, { action, settle });
      this.socket.send(text);
    });
  }

  /** A frame that nobody answers. */
  say(text: string): void {
    this.socket.send(text);
  }

  /** 2.1: a SEND, which has no answer. */
  tell(action: string, payload: JsonObject): string {
    const id = this.nextId();
    this.socket.send(JSON.stringify([6, id, action, payload]));
    return id;
  }

  /** True if something was answered to this id. */
  wasAnswered(id: string): boolean {
    return this.strays.some((answer) => answer.id === id);
  }

  /** The next command of this action after the first `seen` ones. */
  async command(action: string, seen = 0, timeoutMs = ANSWER_MS): Promise<Command> {
    const find = () => this.commands.filter((command) => command.action === action)[seen];
    await this.until(`the command ${action}`, () => find() !== undefined, timeoutMs);
    return find()!;
  }

  count(action: string): number {
    return this.commands.filter((command) => command.action === action).length;
  }

  async until(what: string, condition: () => boolean, timeoutMs = ANSWER_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!condition()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Deviation(`${what} did not come`);
      if (this.closed) throw new Deviation(`${what} did not come: the socket was closed`);
      await this.news(left);
    }
  }

  /** How the central system closed the connection. */
  async end(timeoutMs = ANSWER_MS): Promise<{ code: number; reason: string }> {
    const deadline = performance.now() + timeoutMs;
    while (!this.closed && performance.now() < deadline) await this.news(deadline - performance.now());
    if (!this.closed) throw new Deviation('the connection was not closed');
    return this.closed;
  }

  /** Resolves when anything happens, or when the time is over. */
  private news(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const gone = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.close();
    const timer = setTimeout(() => this.socket.terminate(), 2_000);
    await gone;
    clearTimeout(timer);
  }

  /** Without a word, as in a power cut. */
  vanish(): void {
    this.socket.terminate();
  }

  private nextId(): string {
    this.calls += 1;
    return `cs-${this.calls}`;
  }

  private received(text: string): void {
    const frame = JSON.parse(text) as unknown[];
    const [type, id] = [frame[0], String(frame[1])];
    if (type === 2) this.commanded({ id, action: String(frame[2]), payload: frame[3] as JsonObject });
    else if (type === 3) this.answered({ kind: 'result', id, payload: frame[2] as JsonObject });
    else if (type === 4)
      this.answered({ kind: 'error', id, code: String(frame[2]), description: String(frame[3]) });
    else if (type === 5 && this.version === '2.1') this.refusedResults.push({ id, code: String(frame[2]) });
    else this.problems.push(`a frame of the type ${String(type)}: ${text.slice(0, 200)}`);
  }

  private answered(answer: Answer): void {
    const pending = this.pending.get(answer.id);
    if (!pending) {
      this.strays.push(answer);
      return;
    }
    this.pending.delete(answer.id);
    if (answer.kind === 'result' && pending.action !== '')
      this.check(pending.action, 'response', answer.payload, (problem) => this.problems.push(problem));
    pending.settle(answer);
  }

  private commanded(command: Command): void {
    const { id, action, payload } = command;
    this.check(action, 'request', payload, (problem) => this.problems.push(problem));
    if (id.length > 36) this.problems.push(`the message id of ${action} is longer than 36 characters`);
    this.commands.push(command);
    const reply = this.responders.get(action)?.(payload) ?? this.usual(action, payload);
    if (reply.kind === 'result') this.socket.send(JSON.stringify([3, id, reply.payload]));
    else if (reply.kind === 'error')
      this.socket.send(JSON.stringify([4, id, reply.code, reply.description, {}]));
    else if (reply.kind === 'text') this.socket.send(reply.write(id));
  }

  private usual(action: string, payload: JsonObject): Reply {
    return { kind: 'result', payload: usualReply(this.version, action, payload) };
  }

  private check(
    action: string,
    part: PayloadPart,
    payload: JsonObject,
    report: (problem: string) => void,
  ): void {
    const checked = schemas.validateOutbound(this.version, action, part, payload);
    if (!checked.ok)
      report(
        `the ${part} of ${action} breaks its schema at ${checked.problem.path || '/'}: ${checked.problem.text}`,
      );
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resume of waiting) resume();
  }
}
