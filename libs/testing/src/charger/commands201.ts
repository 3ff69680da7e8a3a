import type { ChargerControls, StartRequest } from './dialect.js';
import { TEST_VENDOR } from './commands16.js';
import { PRIORITY_VARIABLE } from './network-profiles.js';
import type { Answer, Payload } from './ocpp-socket.js';

type Command = (charger: ChargerControls, payload: Payload) => Answer;
const status = (text: string, then?: () => void): Answer => ({
  result: { status: text },
  ...(then ? { then } : {}),
});
const optionalNumber = (value: unknown) => (typeof value === 'number' ? value : undefined);
const evseIdOf = (payload: Payload) => optionalNumber((payload.evse as Payload | undefined)?.id);

interface VariableQuery extends Payload {
  component: { name: string };
  variable: { name: string };
  attributeType?: string;
  attributeValue?: string;
}
/** `Component.Variable`, with `#MaxSet` or another attribute than the actual value. */
const variableKey = ({ component, variable, attributeType = 'Actual' }: VariableQuery) =>
  `${component.name}.${variable.name}${attributeType === 'Actual' ? '' : `#${attributeType}`}`;

const COMMANDS: Record<string, Command> = {
  RequestStartTransaction(charger, payload) {
    const evse = charger.freeEvse(optionalNumber(payload.evseId));
    if (!evse) return status('Rejected');
    if (payload.chargingProfile && !charger.limits.set(evse.id, payload.chargingProfile))
      return status('Rejected');
    const { idToken, type } = payload.idToken as { idToken: string; type: string };
    const remoteStartId = optionalNumber(payload.remoteStartId);
    const request: StartRequest = { token: { value: idToken, type }, remote: true };
    if (remoteStartId !== undefined) request.remoteStartId = remoteStartId;
    return status('Accepted', () => charger.startRemotely(evse.id, request));
  },
  RequestStopTransaction(charger, payload) {
    const evse = charger.evses.find(({ transaction }) => transaction?.localId === payload.transactionId);
    return evse ? status('Accepted', () => charger.stopRemotely(evse.id, 'Remote')) : status('Rejected');
  },
  Reset(charger, payload) {
    const busy = charger.evses.some(({ transaction }) => transaction);
    if (payload.type === 'OnIdle' && busy) return status('Scheduled', () => charger.reset('idle'));
    return status('Accepted', () => charger.reset('now'));
  },
  TriggerMessage(charger, payload) {
    switch (payload.requestedMessage) {
      case 'BootNotification':
        return status('Accepted', () => charger.sendBoot());
      case 'Heartbeat':
        return status('Accepted', () => charger.send({ action: 'Heartbeat', payload: {} }));
      case 'StatusNotification':
        return status('Accepted', () => charger.sendStatus(evseIdOf(payload)));
      case 'TransactionEvent':
      case 'MeterValues':
        return status('Accepted', () => charger.sendReadings(evseIdOf(payload)));
      default:
        return status('NotImplemented');
    }
  },
  ChangeAvailability(charger, payload) {
    const done = charger.setOperative(evseIdOf(payload) ?? 0, payload.operationalStatus === 'Operative');
    return status(done ? 'Accepted' : 'Scheduled');
  },
  UnlockConnector(charger, payload) {
    const evse = charger.evses.find(({ id }) => id === payload.evseId);
    if (!evse) return status('UnknownConnector');
    if (evse.transaction) return status('OngoingAuthorizedTransaction');
    return status('Unlocked', () => charger.unlock(evse.id));
  },
  SetChargingProfile(charger, payload) {
    charger.limitsChanged();
    const held = charger.limits.set(Number(payload.evseId), payload.chargingProfile);
    return status(held ? 'Accepted' : 'Rejected', () => charger.limitsChanged());
  },
  ClearChargingProfile(charger, payload) {
    charger.limitsChanged();
    const criteria = (payload.chargingProfileCriteria ?? {}) as Payload;
    const gone = charger.limits.clear({
      id: optionalNumber(payload.chargingProfileId),
      evse: optionalNumber(criteria.evseId),
      purpose: criteria.chargingProfilePurpose as string | undefined,
      stackLevel: optionalNumber(criteria.stackLevel),
    });
    return status(gone > 0 ? 'Accepted' : 'Unknown', () => charger.limitsChanged());
  },
  GetBaseReport(charger, payload) {
    const entries = [...charger.configuration].filter(([key]) => !key.includes('#'));
    return status('Accepted', () =>
      entries.forEach(([key, value], index) => {
        const [component, variable] = key.split('.');
        const variableAttribute = [{ type: 'Actual', value, mutability: 'ReadWrite' }];
        const reportData = [
          { component: { name: component }, variable: { name: variable }, variableAttribute },
        ];
        const place = { requestId: payload.requestId, seqNo: index, tbc: index < entries.length - 1 };
        const generatedAt = charger.now().toISOString();
        charger.send({ action: 'NotifyReport', payload: { ...place, generatedAt, reportData } });
      }),
    );
  },
  GetVariables(charger, payload) {
    const getVariableResult = (payload.getVariableData as VariableQuery[]).map((query) => {
      const value = charger.configuration.get(variableKey(query));
      const found = value === undefined ? {} : { attributeValue: value };
      const attributeStatus = value === undefined ? 'UnknownVariable' : 'Accepted';
      const asked = query.attributeType ? { attributeType: query.attributeType } : {};
      return { component: query.component, variable: query.variable, attributeStatus, ...asked, ...found };
    });
    return { result: { getVariableResult } };
  },
  SetVariables(charger, payload) {
    const setVariableResult = (payload.setVariableData as VariableQuery[]).map((query) => {
      const attributeStatus = written(charger, variableKey(query), String(query.attributeValue));
      return { component: query.component, variable: query.variable, attributeStatus };
    });
    return { result: { setVariableResult } };
  },
  SetNetworkProfile(charger, payload) {
    const taken = charger.networks.set(Number(payload.configurationSlot), payload.connectionData as Payload);
    return status(taken ? 'Accepted' : 'Rejected');
  },
  GetTransactionStatus(charger, payload) {
    const ongoing = charger.evses.some(({ transaction }) => transaction?.localId === payload.transactionId);
    return { result: { ongoingIndicator: ongoing, messagesInQueue: false } };
  },
  ClearCache: () => status('Accepted'),
  DataTransfer: (_charger, payload) =>
    status(payload.vendorId === TEST_VENDOR ? 'Accepted' : 'UnknownVendorId'),
};

/** The status of one variable of SetVariables. */
function written({ configuration, networks }: ChargerControls, key: string, value: string): string {
  if (!configuration.has(key)) return 'UnknownVariable';
  const isPriority = key === PRIORITY_VARIABLE;
  // B09.FR.20: of slots that hold nothing.
  if (isPriority && !networks.knows(value)) return 'Rejected';
  configuration.set(key, value);
  return isPriority ? 'RebootRequired' : 'Accepted';
}

/** Answers a 2.0.1 command; one this charger lacks gets NotImplemented. */
export function command201(charger: ChargerControls, action: string, payload: Payload): Answer {
  return COMMANDS[action]?.(charger, payload) ?? { error: 'NotImplemented' };
}
