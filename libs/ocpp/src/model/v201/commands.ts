// Commands -> OCPP 2.0.1 and 2.1 requests of the CSMS.

import type { JsonObject } from '../../json.js';
import { wireTime } from '../../wire-time.js';
import type { Command, CommandCall, ProfilePurpose, ProfileRequest } from '../command.js';
import { call, present } from '../command-call.js';
import { checkProfile, limitNumber, profileKind } from '../profile-rules.js';
import { certificateCall201 } from './certificates.js';
import { idToken201 } from './id-token.js';
import { operation201 } from './operations.js';

const PURPOSES: Readonly<Record<ProfilePurpose, string>> = {
  TX_PROFILE: 'TxProfile',
  TX_DEFAULT_PROFILE: 'TxDefaultProfile',
  STATION_MAX_PROFILE: 'ChargingStationMaxProfile',
};

export function commandCall201(command: Command): CommandCall {
  switch (command.type) {
    case 'remoteStart': {
      const evseId = command.evseNumber || null;
      const profile = command.chargingProfile;
      if (profile) checkProfile(profile, evseId, true);
      return call('RequestStartTransaction', {
        idToken: idToken201(command.idToken),
        remoteStartId: command.remoteStartId,
        evseId,
        chargingProfile: profile && profile201(profile, true),
      });
    }
    case 'remoteStop':
      return call('RequestStopTransaction', { transactionId: command.transactionRef });
    case 'reset':
      return call('Reset', {
        type: command.kind === 'ON_IDLE' ? 'OnIdle' : 'Immediate',
        evseId: command.evseNumber || null,
      });
    case 'triggerMessage': {
      const wanted = command.requestedMessage;
      return call('TriggerMessage', {
        requestedMessage: (Object.hasOwn(TRIGGERS_2, wanted) ? TRIGGERS_2[wanted] : undefined) ?? wanted,
        evse: evse(command.evseNumber, command.connectorNumber),
      });
    }
    case 'changeAvailability':
      return call('ChangeAvailability', {
        operationalStatus: command.operative ? 'Operative' : 'Inoperative',
        evse: evse(command.evseNumber, command.connectorNumber),
      });
    case 'unlockConnector':
      return call('UnlockConnector', {
        evseId: command.evseNumber,
        connectorId: command.connectorNumber || 1,
      });
    case 'setChargingProfile':
      checkProfile(command.profile, command.evseNumber, false);
      return call('SetChargingProfile', {
        evseId: command.evseNumber,
        chargingProfile: profile201(command.profile, false),
      });
    case 'clearChargingProfile': {
      const criteria = present({
        evseId: command.evseNumber,
        chargingProfilePurpose: command.purpose && PURPOSES[command.purpose],
        stackLevel: command.stackLevel,
      });
      // K10: with an id the criteria are ignored; some chargers refuse both together.
      return call('ClearChargingProfile', {
        chargingProfileId: command.profileId,
        chargingProfileCriteria: command.profileId || Object.keys(criteria).length === 0 ? null : criteria,
      });
    }
    case 'reserve':
    case 'cancelReservation':
    case 'updateFirmware':
    case 'requestLog':
    case 'setDisplayMessage':
    case 'clearDisplayMessage':
    case 'getDisplayMessages':
    case 'customerInformation':
      return operation201(command);
    case 'certificateSigned':
    case 'installCertificate':
    case 'deleteCertificate':
    case 'getInstalledCertificates':
      return certificateCall201(command);
    case 'raw':
      return { action: command.action, payload: command.payload };
  }
}

/** 1.6 names of messages that have another name in 2.x. */
const TRIGGERS_2: Readonly<Record<string, string>> = {
  DiagnosticsStatusNotification: 'LogStatusNotification',
  SignChargePointCertificate: 'SignChargingStationCertificate',
};

function evse(id: number | null | undefined, connectorId: number | null | undefined): JsonObject | null {
  return id ? (present({ id, connectorId: connectorId || null }) as JsonObject) : null;
}

function profile201(profile: ProfileRequest, inRemoteStart: boolean): JsonObject {
  const schedule = present({
    id: profile.profileId,
    startSchedule: profile.startAt && wireTime(profile.startAt),
    duration: profile.durationSeconds || null,
    chargingRateUnit: profile.periods[0]?.limit.unit,
    chargingSchedulePeriod: profile.periods.map((period) =>
      present({
        startPeriod: period.startSeconds,
        limit: limitNumber(period.limit),
        numberPhases: profile.numberPhases || null,
      }),
    ),
  });
  return present({
    id: profile.profileId,
    stackLevel: profile.stackLevel,
    chargingProfilePurpose: PURPOSES[profile.purpose],
    chargingProfileKind: profileKind(profile),
    validFrom: profile.validFrom && wireTime(profile.validFrom),
    validTo: profile.validTo && wireTime(profile.validTo),
    transactionId: inRemoteStart ? null : profile.transactionRef,
    chargingSchedule: [schedule],
  }) as JsonObject;
}
