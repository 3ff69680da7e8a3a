import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import { equals, must } from '../judge.js';
import { minutesAgo } from './times.js';

export async function reportStatus(
  context: CaseContext,
  status: string,
  over: JsonObject = {},
): Promise<void> {
  const answer = await context.call('StatusNotification', {
    connectorId: 1,
    errorCode: 'NoError',
    status,
    timestamp: new Date().toISOString(),
    ...over,
  });
  equals('the answer to StatusNotification', answer, {});
}

export async function authorize(context: CaseContext, idTag: string): Promise<JsonObject> {
  const { idTagInfo } = await context.call('Authorize', { idTag });
  return idTagInfo as JsonObject;
}

export interface Started {
  readonly transactionId: number;
  readonly info: JsonObject;
}

export async function start(context: CaseContext, over: JsonObject = {}): Promise<Started> {
  const answer = await context.call('StartTransaction', {
    connectorId: 1,
    idTag: context.cards.card,
    meterStart: 1_000,
    timestamp: minutesAgo(30),
    ...over,
  });
  const { transactionId, idTagInfo } = answer as { transactionId: number; idTagInfo: JsonObject };
  must(transactionId > 0, `the transaction id is ${transactionId}`);
  return { transactionId, info: idTagInfo };
}

export async function startAccepted(context: CaseContext, over: JsonObject = {}): Promise<number> {
  const { transactionId, info } = await start(context, over);
  equals('the status of the card', info['status'], 'Accepted');
  return transactionId;
}

export async function stop(
  context: CaseContext,
  transactionId: number,
  over: JsonObject = {},
): Promise<JsonObject> {
  return context.call('StopTransaction', {
    transactionId,
    meterStop: 6_000,
    timestamp: minutesAgo(1),
    idTag: context.cards.card,
    ...over,
  });
}

export async function sample(
  context: CaseContext,
  transactionId: number,
  wh: number,
  minutes: number,
  over: JsonObject = {},
): Promise<void> {
  const answer = await context.call('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [
      {
        timestamp: minutesAgo(minutes),
        sampledValue: [
          { value: String(wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
          { value: '7200', measurand: 'Power.Active.Import', unit: 'W' },
        ],
      },
    ],
    ...over,
  });
  equals('the answer to MeterValues', answer, {});
}
