import { WebSocket } from 'ws';

export type Payload = Record<string, unknown>;
export type Frame = readonly [number, string, ...unknown[]];

/** The answer was a CALLERROR. */
export class CallRefused extends Error {
  constructor(
    readonly code: string,
    description: string,
  ) {
    super(`CALLERROR ${code}: ${description}`);
  }
}
/** No answer in time. */
export class CallTimeout extends Error {}
/** The connection ended before the answer. */
export class SocketClosed extends Error {}

export interface Answer {
  /** CALLRESULT payload, or a CALLERROR code. */
  result?: Payload;
  error?: string;
  /** Runs once the answer is on the wire. */
  then?: () => void;
}

export interface OcppSocketOptions {
  /** Full URL, identity included. */
  url: string;
  subprotocols: readonly string[];
  identity: string;
  password?: string | undefined;
  answerTimeoutMs: number;
  newId: () => string;
  onCall: (action: string, payload: Payload) => Answer;
  onFrame?: (direction: 'sent' | 'received', frame: Frame) => void;
  tls?: { ca?: string; cert?: string; key?: string };
}

interface Outstanding {
  id: string;
  resolve: (payload: Payload) => void;
  reject: (error: Error) => void;
}

/** One OCPP-J connection seen from the charger: at most one of our calls is outstanding, theirs are answered at once. */
export class OcppSocket {
  readonly closed: Promise<{ code: number }>;
  private outstanding: Outstanding | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly socket: WebSocket,
    private readonly options: OcppSocketOptions,
  ) {
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve({ code })));
    void this.closed.then(({ code }) => this.fail(new SocketClosed(`connection closed with ${code}`)));
    socket.on('message', (data: Buffer) => this.receive(data.toString('utf8')));
  }

  /** Resolves once the upgrade is accepted; rejects with the HTTP status when it is refused. */
  static open(options: OcppSocketOptions): Promise<OcppSocket> {
    const { identity, password } = options;
    const socket = new WebSocket(options.url, [...options.subprotocols], {
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
      ...(password === undefined ? {} : { auth: `${identity}:${password}` }),
      ...options.tls,
    });
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.once('open', () => resolve(new OcppSocket(socket, options)));
    });
  }

  get subprotocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Sends a CALL when the one before it is done. Rejects with CallRefused, CallTimeout or SocketClosed. */
  call(action: string, payload: () => Payload): Promise<Payload> {
    const result = this.turn.then(() => this.exchange(action, payload()));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** Any text as it is, outside the rules: for faults. */
  sendRaw(text: string): void {
    this.socket.send(text);
  }

  close(code = 1000): void {
    this.socket.close(code);
  }

  /** What a power cut looks like: no close frame. */
  terminate(): void {
    this.socket.terminate();
  }

  private exchange(action: string, payload: Payload): Promise<Payload> {
    if (!this.isOpen) return Promise.reject(new SocketClosed('connection is closed'));
    const id = this.options.newId();
    const answer = new Promise<Payload>((resolve, reject) => (this.outstanding = { id, resolve, reject }));
    const timer = setTimeout(
      () => this.fail(new CallTimeout(`no answer to ${action} in ${this.options.answerTimeoutMs} ms`)),
      this.options.answerTimeoutMs,
    );
    this.send([2, id, action, payload]);
    return answer.finally(() => {
      clearTimeout(timer);
      this.outstanding = undefined;
    });
  }

  private fail(error: Error): void {
    this.outstanding?.reject(error);
  }

  private receive(text: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return;
    }
    this.options.onFrame?.('received', frame);
    const [type, id] = frame;
    if (type === 2) this.answer(id, frame[2] as string, (frame[3] ?? {}) as Payload);
    else if (id !== this.outstanding?.id) return;
    else if (type === 3) this.outstanding.resolve((frame[2] ?? {}) as Payload);
    else if (type === 4) this.outstanding.reject(new CallRefused(String(frame[2]), String(frame[3])));
  }

  private answer(id: string, action: string, payload: Payload): void {
    let answer: Answer;
    try {
      answer = this.options.onCall(action, payload);
    } catch (error) {
      answer = { error: 'InternalError' };
      process.emitWarning(error as Error);
    }
    this.send(answer.error ? [4, id, answer.error, '', {}] : [3, id, answer.result ?? {}]);
    answer.then?.();
  }

  private send(frame: Frame): void {
    if (!this.isOpen) return;
    this.options.onFrame?.('sent', frame);
    this.socket.send(JSON.stringify(frame));
  }
}
