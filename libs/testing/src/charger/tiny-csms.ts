import { createServer, type Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Frame, Payload } from './ocpp-socket.js';

export interface Received {
  identity: string;
  id: string;
  action: string;
  payload: Payload;
}

/** What to do with a call: an answer, a CALLERROR, nothing, or cut the connection (before or after "committing"). */
export type Reaction = Payload | 'callerror' | 'silence' | 'cut';

/** The smallest CSMS the chargers can be tested against: remembers every call, answers as told. */
export class TinyCsms {
  readonly received: Received[] = [];
  readonly upgrades: { identity: string; protocols: string; authorization: string | undefined }[] = [];
  /** Undefined: the usual answer. */
  react: (call: Received) => Reaction | undefined = () => undefined;
  refuseUpgrades = false;
  private readonly sockets = new Map<string, WebSocket>();
  private readonly answers = new Map<string, (frame: Frame) => void>();
  private nextTransaction = 1000;
  private nextCommand = 1;

  private constructor(
    private readonly http: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TinyCsms> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const csms = new TinyCsms(http, `ws://127.0.0.1:${(http.address() as { port: number }).port}/ocpp`);
    const server = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
      const identity = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
      const protocols = request.headers['sec-websocket-protocol'] ?? '';
      csms.upgrades.push({ identity, protocols, authorization: request.headers.authorization });
      if (csms.refuseUpgrades) return void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      server.handleUpgrade(request, socket, head, (accepted) => csms.accept(identity, accepted));
    });
    return csms;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  of(action: string): Received[] {
    return this.received.filter((call) => call.action === action);
  }

  command(identity: string, action: string, payload: Payload): Promise<Frame> {
    const id = `cmd-${this.nextCommand++}`;
    const answer = new Promise<Frame>((resolve) => this.answers.set(id, resolve));
    this.sockets.get(identity)?.send(JSON.stringify([2, id, action, payload]));
    return answer;
  }

  cut(): void {
    this.sockets.forEach((socket) => socket.terminate());
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private accept(identity: string, socket: WebSocket): void {
    this.sockets.set(identity, socket);
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as Frame;
      const [type, id] = frame;
      if (type !== 2) return this.answers.get(id)?.(frame);
      const call = { identity, id, action: String(frame[2]), payload: frame[3] as Payload };
      this.received.push(call);
      const reaction = this.react(call) ?? this.usual(call);
      if (reaction === 'cut') socket.terminate();
      else if (reaction === 'callerror')
        socket.send(JSON.stringify([4, id, 'InternalError', 'not today', {}]));
      else if (reaction !== 'silence') socket.send(JSON.stringify([3, id, reaction]));
    });
  }

  private usual({ action }: Received): Payload {
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', interval: 300, currentTime: new Date().toISOString() };
      case 'Authorize':
        return { idTagInfo: { status: 'Accepted' }, idTokenInfo: { status: 'Accepted' } };
      case 'StartTransaction':
        return { transactionId: this.nextTransaction++, idTagInfo: { status: 'Accepted' } };
      default:
        return {};
    }
  }
}
