import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { callError, result } from '@kilowatch/tools/conformance/reply';
import { SUBPROTOCOLS, type JsonObject, type OcppVersion } from '@kilowatch/ocpp';
import { WebSocket } from 'ws';
import type { Canaries } from './canaries.js';

/** What drivers present, known to us or not. */
export interface Cards {
  readonly known: string;
  readonly unknown: string;
  readonly keyCode: string;
  readonly wrongKeyCode: string;
  readonly emaid: string;
  readonly chain: string;
}

export interface Door {
  readonly identity: string;
  readonly version: OcppVersion;
  readonly password: string;
}

const PNC = 'org.openchargealliance.iso15118pnc';
const NOW = () => new Date().toISOString();

/** Knocks with these bytes as Basic credentials; true when let in. */
export function knock(
  ocppUrl: string,
  path: string,
  version: OcppVersion,
  credentials: Buffer,
): Promise<boolean> {
  const authorization = `Basic ${credentials.toString('base64')}`;
  const socket = new WebSocket(`${ocppUrl}/${path}`, [SUBPROTOCOLS[version]], { headers: { authorization } });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.close();
      resolve(true);
    });
    socket.once('unexpected-response', (request) => {
      request.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(false));
  });
}

/** A station of 1.6 with every message that can name a card, rightly, wrongly and in the wrong place. */
export async function walkRoadOf16(
  station: ScriptedStation,
  cards: Cards,
  canaries: Canaries,
): Promise<void> {
  const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
  await station.askAnything('BootNotification', boot);
  const any = (action: string, payload: unknown) => station.askAnything(action, payload);
  for (const idTag of [cards.known, cards.unknown, cards.emaid, cards.wrongKeyCode])
    await any('Authorize', { idTag });
  await any('Authorize', {
    idTag: cards.unknown,
    extra: { idToken: cards.unknown, password: cards.unknown },
  });
  await any('Authorize', { idTag: [cards.unknown] });
  await any('Authorize', { IDTAG: cards.unknown });
  const start = { connectorId: 1, meterStart: 0, timestamp: NOW() };
  await any('StartTransaction', { ...start, idTag: cards.unknown });
  const started = await any('StartTransaction', { ...start, timestamp: NOW(), idTag: cards.known });
  const transactionId = started.kind === 'result' ? (started.payload['transactionId'] as number) : 0;
  await any('StopTransaction', { transactionId, meterStop: 10, timestamp: NOW(), idTag: cards.known });
  // Of no transaction, and such as nobody can read: kept.
  await any('StopTransaction', {
    transactionId: 4711,
    meterStop: 10,
    timestamp: NOW(),
    idTag: cards.unknown,
  });
  await any('StartTransaction', { ...start, connectorId: 'one', idTag: cards.known });
  await any('StartTransaction', { ...start, idTag: cards.known, timestamp: 'yesterday' });
  await any('TransactionEvent', { idToken: { idToken: cards.unknown, type: 'ISO14443' } });
  // What is no OCPP, or breaks off.
  await station.write(
    `[2,"broken-1","StopTransaction",{"transactionId":1,"idTag":"${cards.known}","meterStop":`,
    'broken-1',
  );
  await station.write(`[2,"broken-2","Authorize",{"idTag":"${cards.known}"`, 'broken-2');
  station.say(`{"idTag":"${cards.known}"}`);
  station.say(`["idTag","${cards.known}"]`);
  station.say(`[2,"","Authorize",{"idTag":"${cards.known}"}]`);
  await any('MakeCoffee', { idTag: cards.known, password: cards.unknown });
  await plugAndCharge(station, cards, canaries);
}

/** JSON as text in a DataTransfer: masks that look at names of properties do not see it by themselves. */
async function plugAndCharge(station: ScriptedStation, cards: Cards, canaries: Canaries): Promise<void> {
  const { chain: certificate, emaid, unknown } = cards;
  const authorize = { idToken: { idToken: emaid, type: 'eMAID' }, certificate };
  const transfer = (messageId: string, data: string, vendorId = PNC) =>
    station.askAnything('DataTransfer', { vendorId, messageId, data });
  await transfer('Authorize', JSON.stringify(authorize));
  await transfer('Authorize', JSON.stringify({ ...authorize, idToken: emaid }));
  await transfer('Authorize', `{"idToken":{"idToken":"${emaid}","type":"eMAID"},"certificate":"`);
  await transfer('AuthorizeMe', JSON.stringify(authorize));
  await transfer('Authorize', JSON.stringify(authorize), 'iso15118');
  await transfer('Login', JSON.stringify({ idTag: unknown, password: unknown }), 'org.example');
  await transfer('Login', `{idTag: "${unknown}"}`, 'org.example');
  const key = canaries.token('private key in a DataTransfer');
  await transfer(
    'Key',
    JSON.stringify({ privateKey: key, deep: [{ idToken: { idToken: unknown } }] }),
    'org.example',
  );
}

/** A station of 2.0.1 or 2.1, which says more. */
export async function walkRoadOf2x(
  station: ScriptedStation,
  cards: Cards,
  canaries: Canaries,
): Promise<void> {
  const any = (action: string, payload: JsonObject) => station.askAnything(action, payload);
  await any('BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } });
  const token = (idToken: string, type = 'ISO14443') => ({
    idToken: { idToken, type, additionalInfo: [{ additionalIdToken: idToken, type: 'printed' }] },
  });
  for (const card of [cards.known, cards.unknown]) await any('Authorize', token(card));
  for (const code of [cards.keyCode, cards.wrongKeyCode]) await any('Authorize', token(code, 'KeyCode'));
  await any('Authorize', { ...token(cards.emaid, 'eMAID'), certificate: cards.chain });
  await any('Authorize', { ...token(cards.emaid, 'eMAID'), certificate: cards.chain.slice(0, 400) });
  await any('Authorize', { idToken: cards.unknown });
  await any('Authorize', { ...token(cards.unknown, 'NoSuchType') });
  const event = (eventType: string, transactionId: string, seqNo: number, over: JsonObject = {}) =>
    any('TransactionEvent', {
      eventType,
      timestamp: NOW(),
      triggerReason: 'Authorized',
      seqNo,
      transactionInfo: { transactionId, chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
      ...over,
    });
  await event('Started', 'canary-1', 0, token(cards.known));
  await event('Ended', 'canary-1', 1, token(cards.known));
  await event('Started', 'canary-2', 0, token(cards.keyCode, 'KeyCode'));
  await event('Ended', 'canary-2', 1, token(cards.wrongKeyCode, 'KeyCode'));
  await event('Ended', 'canary-3', 7, token(cards.unknown));
  await event('Started', 'canary-4', 0, { ...token(cards.unknown), seqNo: 'none' });
  await event('Started', 'canary-5', 0, { idToken: cards.unknown });
  await station.write(
    `[2,"broken-1","TransactionEvent",{"eventType":"Ended","idToken":{"idToken":"${cards.known}",`,
    'broken-1',
  );
  const shown = canaries.password('password that a station reports');
  const place = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };
  await any('NotifyReport', {
    requestId: 1,
    generatedAt: NOW(),
    seqNo: 0,
    reportData: [{ ...place, variableAttribute: [{ type: 'Actual', value: shown }] }],
  });
  await any('NotifyEvent', {
    generatedAt: NOW(),
    seqNo: 0,
    eventData: [
      {
        ...place,
        eventId: 1,
        timestamp: NOW(),
        trigger: 'Delta',
        actualValue: shown,
        eventNotificationType: 'CustomMonitor',
        severity: 2,
      },
    ],
  });
  await any('DataTransfer', { vendorId: 'org.example', data: { password: shown, idToken: cards.unknown } });
  await any('DataTransfer', { vendorId: 'org.example', data: JSON.stringify({ password: shown }) });
}

/** Stations that give away what they are asked, or told. */
export function talkative(station: ScriptedStation, password: string): void {
  station.answers(
    'GetConfiguration',
    result({ configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: password }] }),
  );
  station.answers('GetVariables', (payload) =>
    result({
      getVariableResult: (payload['getVariableData'] as JsonObject[]).map(({ component, variable }) => ({
        attributeStatus: 'Accepted',
        component,
        variable,
        // Operators read all other settings as they are, among them those of network profiles: nobody can mask what is no secret there.
        attributeValue: /password/i.test(String((variable as JsonObject)['name'])) ? password : '1',
      })),
    }),
  );
  // Some put our whole payload into the description of the error.
  for (const action of ['SendLocalList', 'SetNetworkProfile', 'DataTransfer'])
    station.answers(action, (payload) => callError('InternalError', JSON.stringify(payload).slice(0, 250)));
}
