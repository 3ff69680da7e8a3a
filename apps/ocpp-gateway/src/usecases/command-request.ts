/** Commands as the services ask for them (proto) -> commands of the OCPP library. 0 and empty text mean "not said". */
import type { ocppGateway } from '@kilowatch/contracts';
import { invalid } from '@kilowatch/kernel';
import {
  isJsonObject,
  type Command,
  type JsonObject,
  type ProfilePeriod,
  type ProfilePurpose,
  type ResetCommand,
} from '@kilowatch/ocpp';
import { certificateCommandsOf } from './certificate-request.js';
import { operationsOf } from './operation-request.js';

const MAX_RAW_LENGTH = 128 * 1024;
const ACTION = /^[A-Za-z0-9]{1,50}$/;
const RESETS: ReadonlySet<string> = new Set(['SOFT', 'HARD', 'ON_IDLE']);
const PURPOSES: ReadonlySet<string> = new Set(['TX_PROFILE', 'TX_DEFAULT_PROFILE', 'STATION_MAX_PROFILE']);

/** Throws INVALID unless the request holds exactly one command that can be understood. */
export function commandOf(request: ocppGateway.SendRequest): Command {
  const commands = [
    request.requestStart && remoteStart(request.requestStart),
    request.requestStop && remoteStop(request.requestStop),
    request.reset && reset(request.reset),
    request.triggerMessage && trigger(request.triggerMessage),
    request.changeAvailability && availability(request.changeAvailability),
    request.unlockConnector && unlock(request.unlockConnector),
    request.setChargingProfile && setProfile(request.setChargingProfile),
    request.clearChargingProfile && clearProfile(request.clearChargingProfile),
    ...operationsOf(request),
    ...certificateCommandsOf(request),
    request.raw && raw(request.raw),
  ].filter((command) => command !== undefined);
  if (commands.length !== 1) throw invalid('COMMAND_MISSING', 'Name exactly one command.');
  return commands[0]!;
}

function remoteStart({ idToken, evseNumber, remoteStartId }: ocppGateway.RequestStart): Command {
  if (!idToken?.value) throw invalid('COMMAND_TOKEN_MISSING', 'A remote start needs a token.');
  return {
    type: 'remoteStart',
    idToken: { value: idToken.value, type: idToken.type || null },
    remoteStartId,
    evseNumber: evseNumber || null,
  };
}

function remoteStop({ transactionRef }: ocppGateway.RequestStop): Command {
  if (transactionRef === '')
    throw invalid('COMMAND_TRANSACTION_MISSING', 'A remote stop needs a transaction.');
  return { type: 'remoteStop', transactionRef };
}

function reset({ kind }: ocppGateway.Reset): Command {
  if (!RESETS.has(kind)) throw invalid('COMMAND_RESET_KIND', 'A reset is SOFT, HARD or ON_IDLE.');
  return { type: 'reset', kind: kind as ResetCommand['kind'] };
}

function trigger({ requestedMessage, evseNumber, connectorNumber }: ocppGateway.TriggerMessage): Command {
  return {
    type: 'triggerMessage',
    requestedMessage,
    evseNumber: evseNumber || null,
    connectorNumber: connectorNumber || null,
  };
}

function availability({ operative, evseNumber, connectorNumber }: ocppGateway.ChangeAvailability): Command {
  return {
    type: 'changeAvailability',
    operative,
    evseNumber: evseNumber || null,
    connectorNumber: connectorNumber || null,
  };
}

function unlock({ evseNumber, connectorNumber }: ocppGateway.UnlockConnector): Command {
  return { type: 'unlockConnector', evseNumber, connectorNumber: connectorNumber || null };
}

function setProfile(profile: ocppGateway.SetChargingProfile): Command {
  return {
    type: 'setChargingProfile',
    evseNumber: profile.evseNumber,
    profile: {
      profileId: profile.profileId,
      stackLevel: profile.stackLevel,
      purpose: purposeOf(profile.purpose),
      transactionRef: profile.transactionRef || null,
      periods: periodsOf(profile),
      numberPhases: profile.numberPhases || null,
      durationSeconds: profile.durationSeconds || null,
    },
  };
}

function periodsOf({ periods, unit, limitDeciampere }: ocppGateway.SetChargingProfile): ProfilePeriod[] {
  if (periods.length === 0) return [{ startSeconds: 0, limit: { unit: 'A', tenths: limitDeciampere } }];
  if (unit !== '' && unit !== 'A' && unit !== 'W')
    throw invalid('COMMAND_PROFILE_UNIT', 'The unit of a charging profile is A or W.');
  return periods.map(({ startSeconds, limitTenths }) => ({
    startSeconds,
    limit: { unit: unit || 'A', tenths: limitTenths },
  }));
}

function clearProfile(profile: ocppGateway.ClearChargingProfile): Command {
  return {
    type: 'clearChargingProfile',
    profileId: profile.profileId || null,
    evseNumber: profile.evseNumber || null,
    purpose: profile.purpose === '' ? null : purposeOf(profile.purpose),
  };
}

function purposeOf(purpose: string): ProfilePurpose {
  if (!PURPOSES.has(purpose))
    throw invalid('COMMAND_PROFILE_PURPOSE', 'This is not a purpose of a charging profile.');
  return purpose as ProfilePurpose;
}

function raw({ action, payloadJson }: ocppGateway.RawCommand): Command {
  if (!ACTION.test(action)) throw invalid('COMMAND_ACTION', 'This is not the name of an OCPP action.');
  return { type: 'raw', action, payload: parsed(payloadJson) };
}

function parsed(text: string): JsonObject {
  if (text.length > MAX_RAW_LENGTH) throw invalid('COMMAND_PAYLOAD_TOO_LARGE', 'The payload is too large.');
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below: what the parser complains about may repeat the payload.
  }
  throw invalid('COMMAND_PAYLOAD_NOT_JSON', 'The payload is not a JSON object.');
}
