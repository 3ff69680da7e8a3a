import type { JsonObject } from '@kilowatch/ocpp';
import { minute, type Recorder } from './recorder.js';

export const CARD: JsonObject = { idToken: 'SYN21CARD0001', type: 'ISO14443' };
const ACCEPTED: JsonObject = { idTokenInfo: { status: 'Accepted' } };
const CONTEXT = {
  Started: 'Transaction.Begin',
  Updated: 'Sample.Periodic',
  Ended: 'Transaction.End',
} as const;

export type EventType = keyof typeof CONTEXT;

export interface EventParts {
  /** Minutes after the beginning of all recordings. */
  readonly at: number;
  readonly trigger: string;
  /** Register, Wh. */
  readonly wh?: number;
  readonly card?: JsonObject;
  readonly info?: JsonObject;
  readonly over?: JsonObject;
}

export function register(wh: number, at: number, context: string): JsonObject {
  return {
    timestamp: minute(at),
    sampledValue: [
      { value: wh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } },
    ],
  };
}

/** One transaction of a synthetic station. Events count their sequence number when they are made, not when they are told. */
export class SyntheticTransaction {
  private seqNo = 0;

  constructor(
    private readonly recorder: Recorder,
    readonly id: string,
    private readonly evse = 1,
  ) {}

  /** The next event's payload. */
  event(eventType: EventType, { at, trigger, wh, card, info, over }: EventParts): JsonObject {
    const seqNo = this.seqNo++;
    return {
      eventType,
      timestamp: minute(at),
      triggerReason: trigger,
      seqNo,
      transactionInfo: { transactionId: this.id, ...info },
      evse: { id: this.evse, connectorId: 1 },
      ...(card ? { idToken: card } : {}),
      ...(wh === undefined ? {} : { meterValue: [register(wh, at, CONTEXT[eventType])] }),
      ...over,
    };
  }

  /** A number that no event has. */
  skip(): void {
    this.seqNo += 1;
  }

  tell(event: JsonObject): string {
    return this.recorder.call('TransactionEvent', event, event['idToken'] ? ACCEPTED : {});
  }

  start(parts: EventParts): string {
    return this.tell(this.event('Started', parts));
  }

  update(parts: EventParts): string {
    return this.tell(this.event('Updated', parts));
  }

  end(parts: EventParts, stoppedReason = 'Local'): string {
    return this.tell(this.event('Ended', { ...parts, info: { stoppedReason, ...parts.info } }));
  }
}
