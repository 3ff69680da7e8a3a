import type { ChargerControls } from './dialect.js';
import type { Answer, Payload } from './ocpp-socket.js';

type Command = (charger: ChargerControls, payload: Payload) => Answer;
const status = (text: string, then?: () => void): Answer => ({
  result: { status: text },
  ...(then ? { then } : {}),
});
/** DataTransfer of this vendor is accepted and does nothing: a command that can be told from all others. */
export const TEST_VENDOR = 'kilowatch.test';
const optionalNumber = (value: unknown) => (typeof value === 'number' ? value : undefined);

const COMMANDS: Record<string, Command> = {
  RemoteStartTransaction(charger, payload) {
    const evse = charger.freeEvse(optionalNumber(payload.connectorId));
    if (!evse) return status('Rejected');
    if (payload.chargingProfile && !charger.limits.set(evse.id, payload.chargingProfile))
      return status('Rejected');
    const token = { value: String(payload.idTag) };
    return status('Accepted', () => charger.startRemotely(evse.id, { token, remote: true }));
  },
  RemoteStopTransaction(charger, payload) {
    const id = payload.transactionId;
    const evse = charger.evses.find(
      ({ transaction }) => transaction?.remoteId !== undefined && transaction.remoteId === id,
    );
    return evse ? status('Accepted', () => charger.stopRemotely(evse.id, 'Remote')) : status('Rejected');
  },
  Reset: (charger) => status('Accepted', () => charger.reset('now')),
  TriggerMessage(charger, payload) {
    const connector = optionalNumber(payload.connectorId);
    switch (payload.requestedMessage) {
      case 'BootNotification':
        return status('Accepted', () => charger.sendBoot());
      case 'Heartbeat':
        return status('Accepted', () => charger.send({ action: 'Heartbeat', payload: {} }));
      case 'StatusNotification':
        return status('Accepted', () => charger.sendStatus(connector));
      case 'MeterValues':
        return status('Accepted', () => charger.sendReadings(connector));
      default:
        return status('NotImplemented');
    }
  },
  ChangeAvailability(charger, payload) {
    const done = charger.setOperative(Number(payload.connectorId), payload.type === 'Operative');
    return status(done ? 'Accepted' : 'Scheduled');
  },
  UnlockConnector(charger, payload) {
    const evse = charger.evses.find(({ id }) => id === payload.connectorId);
    return evse ? status('Unlocked', () => charger.unlock(evse.id)) : status('NotSupported');
  },
  SetChargingProfile(charger, payload) {
    charger.limitsChanged();
    const held = charger.limits.set(Number(payload.connectorId), payload.csChargingProfiles);
    return status(held ? 'Accepted' : 'Rejected', () => charger.limitsChanged());
  },
  ClearChargingProfile(charger, payload) {
    charger.limitsChanged();
    const purpose = payload.chargingProfilePurpose as string | undefined;
    const evse = optionalNumber(payload.connectorId);
    const gone = charger.limits.clear({
      id: optionalNumber(payload.id),
      evse,
      purpose,
      stackLevel: optionalNumber(payload.stackLevel),
    });
    return status(gone > 0 ? 'Accepted' : 'Unknown', () => charger.limitsChanged());
  },
  GetConfiguration(charger, payload) {
    const wanted = payload.key as string[] | undefined;
    const keys = wanted?.length ? wanted : [...charger.configuration.keys()];
    const known = keys.filter((key) => charger.configuration.has(key));
    const configurationKey = known.map((key) => ({
      key,
      readonly: false,
      value: charger.configuration.get(key),
    }));
    return {
      result: { configurationKey, unknownKey: keys.filter((key) => !charger.configuration.has(key)) },
    };
  },
  ChangeConfiguration(charger, payload) {
    const key = String(payload.key);
    if (!charger.configuration.has(key)) return status('NotSupported');
    charger.configuration.set(key, String(payload.value));
    return status('Accepted');
  },
  ClearCache: () => status('Accepted'),
  DataTransfer: (_charger, payload) =>
    status(payload.vendorId === TEST_VENDOR ? 'Accepted' : 'UnknownVendorId'),
};

/** Answers a 1.6 command; one this charger lacks gets NotImplemented. */
export function command16(charger: ChargerControls, action: string, payload: Payload): Answer {
  return COMMANDS[action]?.(charger, payload) ?? { error: 'NotImplemented' };
}
