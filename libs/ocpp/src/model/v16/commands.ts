// Commands -> OCPP 1.6 requests of the central system (section 5). EVSE n is connector n.

import type { JsonObject } from '../../json.js';
import { wireTime } from '../../wire-time.js';
import type { Command, CommandCall, ProfilePurpose, ProfileRequest, TriggerMessage } from '../command.js';
import { call, present } from '../command-call.js';
import { checkProfile, limitNumber, profileKind } from '../profile-rules.js';
import { certificateCall16, plugAndChargeTrigger } from './certificates.js';
import { operation16 } from './operations.js';
import { transactionId } from './transaction-id.js';

const PURPOSES: Readonly<Record<ProfilePurpose, string>> = {
  TX_PROFILE: 'TxProfile',
  TX_DEFAULT_PROFILE: 'TxDefaultProfile',
  STATION_MAX_PROFILE: 'ChargePointMaxProfile',
};

export function commandCall16(command: Command): CommandCall {
  switch (command.type) {
    case 'remoteStart': {
      const connectorId = command.evseNumber || null;
      const profile = command.chargingProfile;
      if (profile) checkProfile(profile, connectorId, true);
      return call('RemoteStartTransaction', {
        idTag: command.idToken.value,
        connectorId,
        chargingProfile: profile && profile16(profile, true),
      });
    }
    case 'remoteStop':
      return call('RemoteStopTransaction', { transactionId: transactionId(command.transactionRef) });
    case 'reset':
      return call('Reset', { type: command.kind === 'HARD' ? 'Hard' : 'Soft' });
    case 'triggerMessage':
      return trigger(command);
    case 'changeAvailability':
      return call('ChangeAvailability', {
        connectorId: command.evseNumber ?? 0,
        type: command.operative ? 'Operative' : 'Inoperative',
      });
    case 'unlockConnector':
      return call('UnlockConnector', { connectorId: command.evseNumber });
    case 'setChargingProfile':
      checkProfile(command.profile, command.evseNumber, false);
      return call('SetChargingProfile', {
        connectorId: command.evseNumber,
        csChargingProfiles: profile16(command.profile, false),
      });
    case 'clearChargingProfile':
      return call('ClearChargingProfile', {
        id: command.profileId,
        connectorId: command.evseNumber,
        chargingProfilePurpose: command.purpose && PURPOSES[command.purpose],
        stackLevel: command.stackLevel,
      });
    case 'reserve':
    case 'cancelReservation':
    case 'updateFirmware':
    case 'requestLog':
    case 'setDisplayMessage':
    case 'clearDisplayMessage':
    case 'getDisplayMessages':
    case 'customerInformation':
      return operation16(command);
    case 'certificateSigned':
    case 'installCertificate':
    case 'deleteCertificate':
    case 'getInstalledCertificates':
      return certificateCall16(command);
    case 'raw':
      return { action: command.action, payload: command.payload };
  }
}

/** 2.x names of messages that have another name in 1.6. */
const TRIGGERS_16: Readonly<Record<string, string>> = {
  SignChargingStationCertificate: 'SignChargePointCertificate',
  TransactionEvent: 'MeterValues',
};
/** Only the security extension's trigger knows these. */
const EXTENDED: ReadonlySet<string> = new Set(['LogStatusNotification', 'SignChargePointCertificate']);

function trigger(command: TriggerMessage): CommandCall {
  const wanted = command.requestedMessage;
  const inside = plugAndChargeTrigger(wanted);
  if (inside) return inside;
  const requestedMessage = (Object.hasOwn(TRIGGERS_16, wanted) ? TRIGGERS_16[wanted] : undefined) ?? wanted;
  return call(EXTENDED.has(requestedMessage) ? 'ExtendedTriggerMessage' : 'TriggerMessage', {
    requestedMessage,
    connectorId: command.evseNumber || null,
  });
}

function profile16(profile: ProfileRequest, inRemoteStart: boolean): JsonObject {
  return present({
    chargingProfileId: profile.profileId,
    transactionId: profile.transactionRef && !inRemoteStart ? transactionId(profile.transactionRef) : null,
    stackLevel: profile.stackLevel,
    chargingProfilePurpose: PURPOSES[profile.purpose],
    chargingProfileKind: profileKind(profile),
    validFrom: profile.validFrom && wireTime(profile.validFrom),
    validTo: profile.validTo && wireTime(profile.validTo),
    chargingSchedule: present({
      duration: profile.durationSeconds || null,
      startSchedule: profile.startAt && wireTime(profile.startAt),
      chargingRateUnit: profile.periods[0]?.limit.unit,
      chargingSchedulePeriod: profile.periods.map((period) =>
        present({
          startPeriod: period.startSeconds,
          limit: limitNumber(period.limit),
          numberPhases: profile.numberPhases || null,
        }),
      ),
    }),
  }) as JsonObject;
}
