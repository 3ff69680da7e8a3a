import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  meterCall,
  openingCalls,
  startCall,
  stopCall,
  type Call,
  type Cycle,
  type Transaction,
} from './load-frames.js';
import { atOnce, type Pace } from './pace.js';

type Answer = readonly [type: number, id: string, payload: Record<string, unknown>];

export interface Reconnect {
  /** Before the attempt after this one (0 is the first), in milliseconds. */
  readonly waitMs: (attempt: number) => number;
  readonly attempts: number;
}

/** Against the accept limiter: in as soon as there is room. */
const SOON: Reconnect = { waitMs: () => 100 + Math.random() * 200, attempts: 100 };

/** A call that got an error or no answer is sent again so often, as chargers do; then the load is given up. */
const ATTEMPTS = 5;
const AGAIN_AFTER_MS = 1_000;

/**
 * A lean charger for load: one call outstanding, next to no work of its own. The answer to a call that had to be sent again counts
 * from when the call was due in the first place.
 */
export class LoadCharger {
  private socket: WebSocket | undefined;
  private pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  private nextId = 1;
  /** When it sends; the next call goes by what is set here then. */
  pace: Pace = atOnce;
  /** Calls that got an error, or lost their socket, and were sent again. */
  sentAgain = 0;

  constructor(
    private readonly url: string,
    private readonly cycle: Cycle,
    /** How long the answer took, and since when that was counted (`performance.now()`). */
    private readonly onAnswer: (milliseconds: number, since: number) => void,
  ) {}

  /** Connects; a refusal (accept limiter) is tried again. Resolves with the number of refusals. */
  async connect(reconnect: Reconnect = SOON): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.open();
        return attempt;
      } catch (error) {
        if (attempt >= reconnect.attempts) throw error;
        await delay(reconnect.waitMs(attempt));
      }
    }
  }

  /** Tells what it is, as each charger does first. */
  async boot(): Promise<void> {
    await this.call(openingCalls(this.cycle, Date.now())[0]!);
  }

  /** Charges cars one after the other until `isOver`. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.charge();
  }

  /** One whole cycle: boot to stop. */
  async charge(): Promise<void> {
    const { cycle } = this;
    const now = Date.now();
    for (const call of openingCalls(cycle, now)) await this.call(call);
    const startedAt = now - (cycle.meterMessages + 2) * 60_000;
    const tx: Transaction = { id: randomUUID(), beginWh: Math.floor(Math.random() * 1e6), startedAt };
    const [, , started] = await this.call(startCall(cycle, tx));
    if (cycle.version === '1.6') tx.id = Number(started['transactionId'] ?? 1);
    for (let index = 0; index < cycle.meterMessages; index += 1) await this.call(meterCall(cycle, tx, index));
    await this.call(stopCall(cycle, tx));
  }

  close(): void {
    this.socket?.terminate();
  }

  private open(): Promise<void> {
    const socket = new WebSocket(this.url, [`ocpp${this.cycle.version}`], { perMessageDeflate: false });
    this.socket = socket;
    socket.on('message', (data) => this.received(JSON.parse(String(data)) as Answer));
    socket.on('close', () => this.pending?.reject(new Error(`${this.url} was closed while a call was open`)));
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
  }

  private async call(call: Call): Promise<Answer> {
    const since = await this.pace();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.exchange(call);
        this.onAnswer(performance.now() - since, since);
        return answer;
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error;
        this.sentAgain += 1;
        await delay(AGAIN_AFTER_MS);
        if (this.socket?.readyState !== WebSocket.OPEN) await this.connect();
      }
    }
  }

  private async exchange([action, payload]: Call): Promise<Answer> {
    const id = String(this.nextId++);
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.pending = { resolve, reject };
      this.socket!.send(JSON.stringify([2, id, action, payload]), (error) => error && reject(error));
    }).finally(() => (this.pending = undefined));
    if (answer[0] !== 3) throw new Error(`${action} got ${JSON.stringify(answer)}`);
    return answer;
  }

  private received(frame: Answer): void {
    // A command (charging profile): accepted, as a charger would.
    if (frame[0] === 2) this.socket?.send(JSON.stringify([3, frame[1], { status: 'Accepted' }]));
    else this.pending?.resolve(frame);
  }
}
