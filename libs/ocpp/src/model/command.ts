// What we ask of a charger, without its version.

import type { JsonObject } from '../json.js';
import type { CertificateCommand } from './certificate-messages.js';
import type { IdToken, ShownMessage } from './charger-message.js';

export interface ChargingLimit {
  unit: 'A' | 'W';
  /** In tenths of an ampere (per phase) or of a watt: one decimal is all that chargers take, and it is exact. */
  tenths: number;
}

export interface ProfilePeriod {
  /** Seconds from the start of the schedule; the first is 0. */
  startSeconds: number;
  limit: ChargingLimit;
}

export type ProfilePurpose = 'TX_PROFILE' | 'TX_DEFAULT_PROFILE' | 'STATION_MAX_PROFILE';

export interface ProfileRequest {
  profileId: number;
  stackLevel: number;
  purpose: ProfilePurpose;
  /** Required for TX_PROFILE unless it travels inside a remote start; forbidden for the others. */
  transactionRef?: string | null;
  /** At least one; all limits in one unit. */
  periods: ProfilePeriod[];
  numberPhases?: number | null;
  durationSeconds?: number | null;
  /** Absolute schedule from here; without it the schedule is relative to the start of the transaction. */
  startAt?: Date | null;
  validFrom?: Date | null;
  validTo?: Date | null;
}

export interface RemoteStart {
  type: 'remoteStart';
  idToken: IdToken;
  remoteStartId: number;
  evseNumber?: number | null;
  chargingProfile?: ProfileRequest | null;
}
export interface RemoteStop {
  type: 'remoteStop';
  transactionRef: string;
}
export interface ResetCommand {
  type: 'reset';
  kind: 'SOFT' | 'HARD' | 'ON_IDLE';
  evseNumber?: number | null;
}
export interface TriggerMessage {
  type: 'triggerMessage';
  /** Name of either version's message (`BootNotification`, `DiagnosticsStatusNotification`, `TransactionEvent`...). */
  requestedMessage: string;
  evseNumber?: number | null;
  connectorNumber?: number | null;
}
export interface ChangeAvailability {
  type: 'changeAvailability';
  operative: boolean;
  evseNumber?: number | null;
  connectorNumber?: number | null;
}
export interface UnlockConnector {
  type: 'unlockConnector';
  evseNumber: number;
  connectorNumber?: number | null;
}
export interface SetChargingProfile {
  type: 'setChargingProfile';
  /** 0 = the whole station. */
  evseNumber: number;
  profile: ProfileRequest;
}
export interface ClearChargingProfile {
  type: 'clearChargingProfile';
  profileId?: number | null;
  evseNumber?: number | null;
  purpose?: ProfilePurpose | null;
  stackLevel?: number | null;
}
export interface ReserveConnector {
  type: 'reserve';
  /** 1 to 2^31 - 1, unique on the station. */
  reservationNumber: number;
  /** 0 = any EVSE of the station. */
  evseNumber: number;
  expiresAt: Date;
  idToken: IdToken;
  /** Tokens of this group may use it too. */
  groupId?: string | null;
}
export interface CancelReservation {
  type: 'cancelReservation';
  reservationNumber: number;
}
export interface UpdateFirmware {
  type: 'updateFirmware';
  /** Not in plain 1.6, whose status messages name no request. */
  requestId: number;
  location: string;
  retrieveAt: Date;
  installAt?: Date | null;
  signing?: { certificate: string; signature: string } | null;
  retries?: number | null;
  retryIntervalSeconds?: number | null;
}
export interface RequestLog {
  type: 'requestLog';
  requestId: number;
  /** In 1.6 only the security extension has SECURITY. */
  kind: 'DIAGNOSTICS' | 'SECURITY';
  location: string;
  oldest?: Date | null;
  latest?: Date | null;
}
export interface SetDisplayMessage extends ShownMessage {
  type: 'setDisplayMessage';
}
export interface ClearDisplayMessage {
  type: 'clearDisplayMessage';
  messageNumber: number;
}
export interface GetDisplayMessages {
  type: 'getDisplayMessages';
  requestId: number;
}
export interface RequestCustomerInformation {
  type: 'customerInformation';
  requestId: number;
  report: boolean;
  clear: boolean;
  idToken?: IdToken | null;
  customerIdentifier?: string | null;
}
/** What a station is asked to do beside charging; mapped in `operations.ts` of each version. */
export type OperationCommand =
  | ReserveConnector
  | CancelReservation
  | UpdateFirmware
  | RequestLog
  | SetDisplayMessage
  | ClearDisplayMessage
  | GetDisplayMessages
  | RequestCustomerInformation;
export interface RawCommand {
  type: 'raw';
  action: string;
  payload: JsonObject;
}

export type Command =
  | RemoteStart
  | RemoteStop
  | ResetCommand
  | TriggerMessage
  | ChangeAvailability
  | UnlockConnector
  | SetChargingProfile
  | ClearChargingProfile
  | OperationCommand
  | CertificateCommand
  | RawCommand;

export interface CommandCall {
  action: string;
  payload: JsonObject;
}
