import { waitFor } from '@kilowatch/testing';
import { WebSocket } from 'ws';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

interface Payload {
  readonly data?: Record<string, Record<string, unknown> | null>;
  readonly errors?: { extensions: Record<string, unknown> }[];
}

/** A client of the graphql-transport-ws protocol that keeps everything it hears. */
export class Watcher {
  readonly heard: Message[] = [];
  closed: { code: number; reason: string } | undefined;
  private ids = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.heard.push(JSON.parse(String(data)) as Message));
    socket.on('close', (code, reason) => (this.closed = { code, reason: String(reason) }));
    socket.on('error', () => undefined);
  }

  /** Opens a socket and sends connection_init; with a token that is good, `ready()` follows. */
  static async connect(host: string, authorization?: string, path = '/graphql'): Promise<Watcher> {
    const watcher = new Watcher(new WebSocket(`ws://${host}${path}`, 'graphql-transport-ws'));
    await waitFor('the socket to open or fail', () => watcher.socket.readyState !== WebSocket.CONNECTING);
    watcher.send({ type: 'connection_init', payload: authorization === undefined ? {} : { authorization } });
    return watcher;
  }

  async ready(): Promise<this> {
    await waitFor('connection_ack', () => this.heard.some(({ type }) => type === 'connection_ack'));
    return this;
  }

  subscribe(query: string, variables: object = {}): string {
    const id = String(++this.ids);
    this.send({ type: 'subscribe', id, payload: { query, variables } });
    return id;
  }

  complete(id: string): void {
    this.send({ type: 'complete', id });
  }

  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Results of one subscription so far. */
  results(id: string): Payload[] {
    return this.heard
      .filter((message) => message.id === id && message.type === 'next')
      .map(({ payload }) => payload as Payload);
  }

  /** The error that ended a subscription. */
  failure(id: string): Record<string, unknown> | undefined {
    const errors = this.heard.find((message) => message.id === id && message.type === 'error')?.payload;
    return (errors as Payload['errors'])?.[0]?.extensions;
  }

  result(id: string, n: number): Promise<Payload> {
    return waitFor(`result ${n} of subscription ${id}`, () => this.results(id)[n - 1]);
  }

  end(): void {
    this.socket.terminate();
  }
}
