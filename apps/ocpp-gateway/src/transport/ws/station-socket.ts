import {
  FRAME_LIMITS,
  InboundCalls,
  OutboundCalls,
  callText,
  parseFrame,
  type CallFrame,
  type ExpiredCall,
  type Frame,
  type InvalidFrame,
  type JsonObject,
} from '@kilowatch/ocpp';
import { WebSocket, type RawData } from 'ws';
import { brokenCall } from '../../domain/answer-policy.js';
import type { Drainable } from '../../domain/drain-plan.js';
import { silenceAllowedMs } from '../../domain/station-care.js';
import type { Station } from '../../domain/station.js';
import type { CallReply } from '../../usecases/answer-call.js';
import { isPinged, notesOf } from '../../usecases/connection-notes.js';
import type { CallOutcome } from '../../usecases/deliver-command.js';
import type { TransactionMemory } from '../../usecases/station-call.js';
import { LivenessState, type Living } from './liveness-wheel.js';
import type { SocketHub } from './socket-hub.js';

interface Pending {
  readonly action: string;
  readonly text: string;
  readonly settle: (outcome: CallOutcome) => void;
}

interface Arrived {
  readonly id: string;
  readonly action: string;
  /** Undefined: the frame could not be read as a whole, but began as a transaction call. */
  readonly frame: CallFrame | undefined;
  readonly text: string;
  readonly receivedAt: Date;
  /** A SEND of 2.1: it takes its turn among the calls and gets no answer. */
  readonly silent?: boolean;
}

const CALL_QUEUE = 256;
const COMMAND_QUEUE = 32;
/** From so many waiting calls on we read no more from the socket: TCP slows the charger down. */
const PAUSE_AT = 16;
const MAX_BUFFERED_BYTES = 1024 * 1024;

type Phase = 'open' | 'draining' | 'closing' | 'closed';

/** One charger's connection: frames in, answers out, one call at a time in each direction. */
export class StationSocket implements Living, Drainable {
  readonly liveness = new LivenessState();
  lastTrafficAt: number;
  private readonly inbound = new InboundCalls<Arrived>({ capacity: CALL_QUEUE });
  private readonly outbound = new OutboundCalls<Pending>({ capacity: COMMAND_QUEUE });
  private phase: Phase = 'open';
  private memory: TransactionMemory | undefined;
  private onIdle: (() => void) | undefined;

  constructor(
    readonly station: Station,
    private readonly ws: WebSocket,
    private readonly hub: SocketHub,
  ) {
    this.lastTrafficAt = hub.nowMs();
    ws.on('message', (data, binary) => this.guarded(() => this.onMessage(data, binary)));
    ws.on('ping', () => this.heard());
    ws.on('pong', () => this.heard());
    // ws reports protocol violations and limits here and closes the socket itself (1002, 1007, 1008, 1009).
    ws.on('error', (error) => hub.refused(this, error));
    ws.on('close', (code, reason) => this.onClose(code, reason.toString('utf8').slice(0, 123)));
  }

  get busy(): boolean {
    return this.inbound.size > 0 || this.outbound.size > 0;
  }

  get silenceAllowedMs(): number | undefined {
    const notes = notesOf(this.station, this.hub.now());
    return isPinged(this.station, notes) ? undefined : silenceAllowedMs(notes.intervalSeconds);
  }

  get isOpen(): boolean {
    return this.phase === 'open';
  }

  get queued(): number {
    return this.inbound.size + this.outbound.size;
  }

  /** Sends a CALL once none is outstanding; resolves in any case, within about `timeoutMs`. */
  call(id: string, action: string, payload: JsonObject, timeoutMs: number): Promise<CallOutcome> {
    if (this.phase !== 'open') return Promise.resolve({ kind: 'unsent' });
    const { hub } = this;
    const deadline = hub.nowMs() + timeoutMs;
    return new Promise((resolve) => {
      const taken = this.outbound.enqueue({
        id,
        subject: { action, text: callText(id, action, payload), settle: resolve },
        sendBefore: deadline,
        // Read when it is sent: what the queue took is not given again.
        get answerTimeoutMs() {
          return deadline - hub.nowMs();
        },
      });
      if (!taken) return resolve({ kind: 'unsent' });
      this.pump();
    });
  }

  /** Settles calls whose time is over. */
  expire(now: number): void {
    this.settleAll(this.outbound.expire(now));
    this.pump();
  }

  ping(): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.ping();
  }

  lost(): void {
    this.terminate('no sign of life');
  }

  /** The peer does not read what we send, or is gone: no closing handshake will be answered. */
  terminate(reason: string): void {
    this.hub.log.debug({ stationId: this.station.stationId, reason }, 'socket terminated');
    this.ws.terminate();
  }

  get bufferedBytes(): number {
    return this.ws.bufferedAmount;
  }

  /** Nothing more is taken from this socket; what is being worked on gets no answer. */
  close(code: number, reason: string): void {
    if (this.phase === 'closing' || this.phase === 'closed') return;
    this.phase = 'closing';
    this.hub.closer.forget(this);
    this.inbound.clear();
    if (this.ws.isPaused) this.ws.resume();
    this.ws.close(code, reason);
    this.idle();
  }

  /** Takes no new calls; resolves when the present ones are answered (or the socket is closed). */
  drain(): Promise<void> {
    if (this.phase !== 'open') return Promise.resolve();
    this.phase = 'draining';
    this.inbound.clear();
    if (!this.busy) return Promise.resolve();
    return new Promise((resolve) => (this.onIdle = resolve));
  }

  /** A frame that finds a bug of ours costs its own socket, never the process with everybody else's. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (err) {
      this.hub.log.error({ err, stationId: this.station.stationId }, 'frame broke its handling');
      this.close(1011, 'internal error');
    }
  }

  private heard(): void {
    this.lastTrafficAt = this.hub.nowMs();
  }

  private onMessage(data: RawData, binary: boolean): void {
    this.heard();
    if (this.phase === 'closing' || this.phase === 'closed') return;
    if (binary) return this.close(1003, 'text only');
    const text = (data as Buffer).toString('utf8');
    const frame = parseFrame(text, this.station.version);
    this.trace(frame, text);
    if (frame.kind !== 'invalid') this.hub.deviations.note(this.station, frame.deviations);
    this.onFrame(frame, text);
  }

  private trace(frame: Frame, text: string): void {
    const { journal } = this.hub;
    switch (frame.kind) {
      case 'call':
      case 'send':
        return journal.frame(this.station, false, frame.action, frame.id, text);
      case 'invalid':
        return journal.frame(this.station, false, '', frame.answersCall ?? '', text);
      default:
        return journal.frame(
          this.station,
          false,
          this.outbound.find(frame.id)?.subject.action ?? '',
          frame.id,
          text,
        );
    }
  }

  private onFrame(frame: Frame, text: string): void {
    switch (frame.kind) {
      case 'call':
        return this.arrive({ id: frame.id, action: frame.action, frame, text, receivedAt: this.hub.now() });
      case 'send':
        return this.arrive({
          id: frame.id,
          action: frame.action,
          frame: { ...frame, kind: 'call' },
          text,
          receivedAt: this.hub.now(),
          silent: true,
        });
      case 'callResult':
        return this.settle(frame.id, { kind: 'result', payload: frame.payload });
      case 'callError':
        return this.settle(frame.id, { kind: 'error', code: frame.code, description: frame.description });
      case 'invalid':
        return this.onInvalid(frame, text);
      case 'callResultError':
        return this.hub.answerRefused(this.station, frame);
    }
  }

  private onInvalid(frame: InvalidFrame, text: string): void {
    this.hub.invalidFrame(this.station, frame);
    if (frame.answersCall !== null) {
      const pending = this.outbound.find(frame.answersCall);
      if (pending && frame.reply !== null) this.send(frame.reply, pending.subject.action, frame.answersCall);
      return this.settle(frame.answersCall, {
        kind: 'error',
        code: 'FormatViolation',
        description: frame.text,
      });
    }
    // What is too large is not kept waiting for its turn.
    const broken = frame.fault === 'too_large' ? undefined : brokenCall(this.station.version, text);
    if (broken) this.arrive({ ...broken, frame: undefined, text, receivedAt: this.hub.now() });
    else if (frame.reply !== null) this.send(frame.reply, '', '');
  }

  private arrive(call: Arrived): void {
    // Not answered while draining: the charger sends it again to the pod it comes back to.
    if (this.phase === 'draining') return;
    const place = this.inbound.arrive(call);
    if (place === 'overflow') return this.close(1013, 'too many calls at once');
    const isEnough = this.inbound.size >= PAUSE_AT || call.text.length > FRAME_LIMITS.maxLength;
    if (isEnough && !this.ws.isPaused) this.ws.pause();
    if (place === 'start') this.start(call);
  }

  private start(call: Arrived): void {
    this.work(call).catch((err: unknown) => {
      this.hub.log.error({ err, stationId: this.station.stationId }, 'call broke its handling');
      this.close(1011, 'internal error');
    });
  }

  /** One after another, in the order of arrival. */
  private async work(first: Arrived): Promise<void> {
    for (let call: Arrived | null = first; call !== null; call = this.inbound.finish()) {
      const reply = await this.answer(call);
      if (this.phase === 'closing' || this.phase === 'closed') break;
      // Nobody repeats a SEND: closing the socket would bring nothing back.
      if (reply.kind === 'close' && !call.silent) {
        // It waits for its turn to be closed; until then nothing else is taken from it.
        this.phase = 'draining';
        this.inbound.clear();
        this.hub.closer.close(this, reply.code, reply.reason, this.hub.nowMs());
        return;
      }
      if (reply.kind === 'send' && !call.silent) this.send(reply.text, call.action, call.id);
      if (this.ws.isPaused && this.inbound.size < PAUSE_AT / 2) this.ws.resume();
    }
    this.idle();
  }

  private answer(call: Arrived): Promise<CallReply> {
    const { id, action, frame, text, receivedAt } = call;
    const common = { station: this.station, id, action, text, receivedAt };
    if (frame === undefined) return this.hub.setAside(common);
    this.memory ??= new Map();
    return this.hub.answer({ ...common, payload: frame.payload, memory: this.memory });
  }

  private settle(id: string, outcome: CallOutcome): void {
    const call = this.outbound.settle(id);
    if (call === null) return;
    call.subject.settle(outcome);
    this.pump();
  }

  private settleAll(expired: readonly ExpiredCall<Pending>[]): void {
    for (const { call, outcome } of expired) call.subject.settle({ kind: outcome });
  }

  private pump(): void {
    const next = this.phase === 'open' ? this.outbound.next(this.hub.nowMs()) : null;
    if (next !== null) this.send(next.subject.text, next.subject.action, next.id);
    if (this.outbound.size > 0) this.hub.awaiting.add(this);
    else this.hub.awaiting.delete(this);
    this.idle();
  }

  private send(text: string, action: string, messageId: string): void {
    if (this.ws.readyState !== WebSocket.OPEN) return;
    this.hub.journal.frame(this.station, true, action, messageId, text);
    if (this.ws.bufferedAmount > MAX_BUFFERED_BYTES) return this.terminate('reads too slowly');
    this.ws.send(text);
    if (this.ws.bufferedAmount > 0) this.hub.watchWrites(this);
  }

  private idle(): void {
    if (this.onIdle === undefined || (this.busy && this.phase === 'draining')) return;
    this.onIdle();
    this.onIdle = undefined;
  }

  private onClose(code: number, reason: string): void {
    this.phase = 'closed';
    this.inbound.clear();
    this.settleAll(this.outbound.close());
    this.hub.awaiting.delete(this);
    this.idle();
    this.hub.closed(this, code, reason);
  }
}
