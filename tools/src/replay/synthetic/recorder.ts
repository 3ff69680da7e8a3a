import { SUBPROTOCOLS, type JsonObject, type JsonValue } from '@kilowatch/ocpp';
import type { Frame, RecordedLine } from '../recording.js';

const PROTOCOL = SUBPROTOCOLS['2.1'];
/** Long ago, and the same in every run: a recording is a file that does not change. */
const EPOCH = Date.parse('2025-06-02T06:00:00.000Z');

/** The time so many minutes after the beginning of all synthetic recordings, as stations write it. */
export function minute(minutes: number): string {
  return new Date(EPOCH + Math.round(minutes * 60_000)).toISOString();
}

export interface StationTraits {
  /** Where its frames leave the specification, by kind of deviation; none: they are strict. */
  readonly deviations?: readonly string[];
}

/** Writes down one 2.1 station: what it says and hears, line by line, in the form of a recording. */
export class Recorder {
  readonly lines: RecordedLine[] = [];
  private messages = 0;

  constructor(
    readonly station: string,
    private readonly traits: StationTraits = {},
  ) {}

  open(): this {
    const { deviations = [] } = this.traits;
    this.lines.push({ id: this.station, ev: 'open', protocol: PROTOCOL, offered: PROTOCOL, deviations });
    return this;
  }

  /** 1006: it vanishes without a word. */
  close(code = 1000): this {
    this.lines.push({ id: this.station, ev: 'close', code });
    return this;
  }

  /** A call and its answer; several at once when `answer` is left out and settled later. Returns the message id. */
  call(action: string, payload: JsonObject, answer: JsonObject = {}): string {
    const id = this.said([2, this.nextId(), action, payload]);
    this.heard([3, id, answer]);
    return id;
  }

  /** A call that the central system may refuse. */
  refusedCall(action: string, payload: JsonObject, code: string): void {
    this.heard([4, this.said([2, this.nextId(), action, payload]), code, '', {}]);
  }

  /** 2.1: a SEND, which has no answer. */
  send(action: string, payload: JsonObject): void {
    this.said([6, this.nextId(), action, payload]);
  }

  /** 2.1: the answer to the call with this id could not be used. */
  resultError(id: string, code: string): void {
    this.said([5, id, code, 'cannot be used', {}]);
  }

  /** A command of the central system and what the station answers. */
  command(action: string, payload: JsonObject, answer: JsonObject = { status: 'Accepted' }): void {
    this.said([3, this.heard([2, this.nextId(), action, payload]), answer]);
  }

  commandRefused(action: string, payload: JsonObject, code: string): void {
    this.said([4, this.heard([2, this.nextId(), action, payload]), code, '', {}]);
  }

  /** An answer to a command that is none: the central system says so with a CALLRESULTERROR. */
  commandMisanswered(action: string, payload: JsonObject, answer: JsonValue): void {
    const id = this.said([3, this.heard([2, this.nextId(), action, payload]), answer]);
    this.heard([5, id, 'FormatViolation', '', {}]);
  }

  boot(at: number, reason = 'PowerUp'): this {
    this.call(
      'BootNotification',
      {
        reason,
        chargingStation: { vendorName: 'Kilowatch', model: 'Synthetic 2.1', firmwareVersion: '1.0' },
      },
      { currentTime: minute(at), interval: 300, status: 'Accepted' },
    );
    return this;
  }

  status(at: number, connectorStatus: string, evseId = 1): this {
    this.call('StatusNotification', { timestamp: minute(at), connectorStatus, evseId, connectorId: 1 });
    return this;
  }

  private said(frame: Frame): string {
    this.lines.push({ id: this.station, dir: 'cs->csms', frame });
    return frame[1];
  }

  private heard(frame: Frame): string {
    this.lines.push({ id: this.station, dir: 'csms->cs', frame });
    return frame[1];
  }

  private nextId(): string {
    this.messages += 1;
    return `${this.station}-${this.messages}`;
  }
}
