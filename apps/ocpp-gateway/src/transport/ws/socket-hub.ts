import type { Clock } from '@kilowatch/kernel';
import type { CallErrorFrame, InvalidFrame } from '@kilowatch/ocpp';
import { counter, type Logger } from '@kilowatch/platform';
import type { Station } from '../../domain/station.js';
import type { AnswerCall, CallReply } from '../../usecases/answer-call.js';
import type { StationCall } from '../../usecases/station-call.js';
import type { StationDeviations } from '../../usecases/station-deviations.js';
import type { WireJournal } from '../../usecases/wire-journal.js';
import type { LivenessWheel } from './liveness-wheel.js';
import { PacedCloser } from './paced-closer.js';
import type { StationSocket } from './station-socket.js';

/** Sockets closed per second when their messages cannot be stored. */
const CLOSES_PER_SECOND = 50;
/** What we sent must be read by the charger's TCP within this time. */
const WRITE_DEADLINE_MS = 20_000;
export const HUB_TICK_MS = 200;

/** What all sockets of the process share: one clock instead of timers for each, and the way to the use cases. */
export class SocketHub {
  readonly closer = new PacedCloser(CLOSES_PER_SECOND);
  /** Sockets with calls to the charger under way. */
  readonly awaiting = new Set<StationSocket>();
  private readonly unread = new Map<StationSocket, number>();
  private lastSecond = 0;
  /** Calls being worked on, those of chargers that have hung up since included. */
  private inHand = 0;
  private onQuiet: (() => void) | undefined;

  constructor(
    private readonly calls: AnswerCall,
    readonly wheel: LivenessWheel<StationSocket>,
    private readonly clock: Clock,
    readonly log: Logger,
    readonly journal: Pick<WireJournal, 'frame'>,
    readonly deviations: Pick<StationDeviations, 'note'>,
    private readonly onClosed: (socket: StationSocket, code: number, reason: string) => void,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  nowMs(): number {
    return this.clock.now().getTime();
  }

  answer(call: StationCall): Promise<CallReply> {
    return this.held(() => this.calls.answer(call));
  }

  setAside(call: Omit<StationCall, 'payload' | 'memory'>): Promise<CallReply> {
    return this.held(() => this.calls.answerBroken(call));
  }

  /** Resolves when no call is being worked on. A charger that hangs up leaves its call behind: its effect is still to come. */
  quiet(): Promise<void> {
    if (this.inHand === 0) return Promise.resolve();
    return new Promise((resolve) => (this.onQuiet = resolve));
  }

  /** The kernel has not taken all we sent: look again later. */
  watchWrites(socket: StationSocket): void {
    if (!this.unread.has(socket)) this.unread.set(socket, this.nowMs());
  }

  invalidFrame(station: Station, frame: InvalidFrame): void {
    counter('kw_ocpp_refused_total').inc({ reason: `frame_${frame.fault}` });
    this.log.debug({ stationId: station.stationId, fault: frame.fault }, 'frame refused');
  }

  /** 2.1: the charger could not use an answer of ours, and nothing is undone by it. */
  answerRefused(station: Station, { id, code, description }: CallErrorFrame): void {
    const { tenant, stationId } = station;
    this.deviations.note(station, [{ kind: 'call_result_error', path: 'message' }]);
    this.log.warn({ tenant, stationId, messageId: id, code, description }, 'charger refused our answer');
  }

  refused(socket: StationSocket, error: Error & { code?: string }): void {
    counter('kw_ocpp_refused_total').inc({ reason: wsReason(error.code) });
    this.log.debug({ stationId: socket.station.stationId, code: error.code }, 'socket error');
  }

  closed(socket: StationSocket, code: number, reason: string): void {
    this.unread.delete(socket);
    this.closer.forget(socket);
    this.wheel.remove(socket);
    this.onClosed(socket, code, reason);
  }

  private async held(work: () => Promise<CallReply>): Promise<CallReply> {
    this.inHand += 1;
    try {
      return await work();
    } finally {
      this.inHand -= 1;
      if (this.inHand === 0) this.onQuiet?.();
    }
  }

  /** Call every 200 ms. */
  tick(): void {
    const now = this.nowMs();
    for (const socket of this.awaiting) socket.expire(now);
    this.closer.tick(now);
    const second = Math.floor(now / 1000);
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    this.wheel.tick(now);
    for (const [socket, since] of this.unread) {
      if (socket.bufferedBytes === 0) this.unread.delete(socket);
      else if (now - since > WRITE_DEADLINE_MS) socket.terminate('does not read');
    }
  }
}

/** Limits of ws by name, so that the label stays small. */
function wsReason(code: string | undefined): string {
  return code !== undefined && /^WS_ERR_[A-Z0-9_]{1,50}$/.test(code) ? code.toLowerCase() : 'socket_error';
}
