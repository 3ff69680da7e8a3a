import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import { equals, must } from '../judge.js';
import { sessionEnded } from './session-ended.js';
import { minutesAgo } from './times.js';

export function tokenOf(idToken: string, type = 'ISO14443'): JsonObject {
  return { idToken, type };
}

export async function reportStatus(context: CaseContext, connectorStatus: string, evseId = 1): Promise<void> {
  const answer = await context.call('StatusNotification', {
    evseId,
    connectorId: 1,
    connectorStatus,
    timestamp: new Date().toISOString(),
  });
  equals('the answer to StatusNotification', answer, {});
}

export async function authorize(context: CaseContext, idToken: string): Promise<JsonObject> {
  const { idTokenInfo } = await context.call('Authorize', { idToken: tokenOf(idToken) });
  return idTokenInfo as JsonObject;
}

export function reading(wh: number, at: string, context = 'Sample.Periodic'): JsonObject {
  return {
    timestamp: at,
    sampledValue: [
      {
        value: wh,
        context,
        measurand: 'Energy.Active.Import.Register',
        unitOfMeasure: { unit: 'Wh' },
      },
    ],
  };
}

interface EventParts {
  readonly trigger: string;
  readonly minutes?: number;
  readonly state?: string;
  readonly wh?: number;
  readonly meter?: string;
  readonly card?: string | JsonObject;
  readonly info?: JsonObject;
  readonly over?: JsonObject;
}

const EVENTS = { start: 'Started', update: 'Updated', end: 'Ended' } as const;
const METER_CONTEXT = {
  start: 'Transaction.Begin',
  update: 'Sample.Periodic',
  end: 'Transaction.End',
} as const;

/** One transaction of the station, event by event. */
export class Transaction {
  readonly id: string;
  private seqNo = 0;

  constructor(
    private readonly context: CaseContext,
    readonly evse = 1,
    name = '',
  ) {
    this.id = `${context.identity.replace(/^CONF-/, '')}-${evse}${name}`.slice(-36);
  }

  start(parts: EventParts): Promise<JsonObject> {
    return this.tell('start', { minutes: 30, ...parts });
  }

  update(parts: EventParts): Promise<JsonObject> {
    return this.tell('update', { minutes: 10, ...parts });
  }

  end(parts: EventParts): Promise<JsonObject> {
    return this.tell('end', { minutes: 1, ...parts });
  }

  /** The next event's number is left out: it comes later, or never. */
  skip(): number {
    return this.seqNo++;
  }

  /** The event as it would be told; counts its number unless one is given. */
  event(kind: keyof typeof EVENTS, parts: EventParts, seqNo = this.seqNo++): JsonObject {
    const { trigger, minutes = 0, state, wh, card, info, over } = parts;
    const timestamp = minutesAgo(minutes);
    return {
      eventType: EVENTS[kind],
      timestamp,
      triggerReason: trigger,
      seqNo,
      transactionInfo: { transactionId: this.id, ...(state ? { chargingState: state } : {}), ...info },
      evse: { id: this.evse, connectorId: 1 },
      ...(card === undefined ? {} : { idToken: typeof card === 'string' ? tokenOf(card) : card }),
      ...(wh === undefined
        ? {}
        : { meterValue: [reading(wh, timestamp, parts.meter ?? METER_CONTEXT[kind])] }),
      ...over,
    };
  }

  private tell(kind: keyof typeof EVENTS, parts: EventParts): Promise<JsonObject> {
    return this.context.call('TransactionEvent', this.event(kind, parts));
  }
}

export function cardStatus(answer: JsonObject): unknown {
  return (answer['idTokenInfo'] as JsonObject | undefined)?.['status'];
}

/** Card shown, cable in, charging: 1000 Wh on the meter half an hour ago. */
export async function started(
  context: CaseContext,
  evse = 1,
  card = context.cards.card,
): Promise<Transaction> {
  const transaction = new Transaction(context, evse);
  const answer = await transaction.start({ trigger: 'Authorized', state: 'Charging', wh: 1_000, card });
  equals('the card', cardStatus(answer), 'Accepted');
  return transaction;
}

/** 6000 Wh on the meter at the end. */
export function stopped(
  transaction: Transaction,
  trigger = 'StopAuthorized',
  stoppedReason = 'Local',
  over: Partial<EventParts> = {},
): Promise<JsonObject> {
  return transaction.end({ trigger, state: 'Idle', wh: 6_000, info: { stoppedReason }, ...over });
}

export async function endedWith(
  context: CaseContext,
  { id }: Transaction,
  energyWh: number,
  stopReason?: string,
): Promise<void> {
  await sessionEnded(context, id, energyWh, stopReason);
}

export async function charging(context: CaseContext, { id }: Transaction, state: string): Promise<void> {
  await context.session(id, (session) => session.chargingState === state, state);
}

/** Tells a report in pages; each is acknowledged. */
export async function report(
  context: CaseContext,
  requestId: number,
  pages: readonly (readonly JsonObject[])[],
): Promise<void> {
  for (const [seqNo, reportData] of pages.entries()) {
    const answer = await context.call('NotifyReport', {
      requestId,
      generatedAt: new Date().toISOString(),
      seqNo,
      tbc: seqNo < pages.length - 1,
      reportData: [...reportData],
    });
    equals('the answer to NotifyReport', answer, {});
  }
}

export function reported(component: string, variable: string, value: string): JsonObject {
  return {
    component: { name: component },
    variable: { name: variable },
    variableAttribute: [{ type: 'Actual', value, mutability: 'ReadWrite' }],
    variableCharacteristics: { dataType: 'string', supportsMonitoring: false },
  };
}

export function numberOf(sent: JsonObject, field = 'requestId'): number {
  const number = sent[field];
  must(typeof number === 'number', `${field} is no number`);
  return number;
}
