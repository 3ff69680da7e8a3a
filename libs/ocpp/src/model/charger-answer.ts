// What a charger is told, without its version.

import type {
  CertificateStatusAnswer,
  ChainStatusAnswer,
  ContractCertificateAnswer,
} from './contract-messages.js';
import type { ScheduleLimits } from './energy-messages.js';

export type TokenStatus =
  | 'Accepted'
  | 'Blocked'
  | 'ConcurrentTx'
  | 'Expired'
  | 'Invalid'
  | 'NoCredit'
  | 'NotAllowedTypeEVSE'
  | 'NotAtThisLocation'
  | 'NotAtThisTime'
  | 'Unknown';

export interface TokenAnswer {
  status: TokenStatus;
  groupId?: string | null;
  cacheExpiry?: Date | null;
  /** EVSEs it may use; absent or empty: all of the station (2.x). */
  evseNumbers?: readonly number[];
  /** Of its holder, RFC 5646 (2.x). */
  language?: string | null;
}

export interface BootAnswer {
  type: 'boot';
  status: 'Accepted' | 'Pending' | 'Rejected';
  currentTime: Date;
  /** Seconds; never sent as 0 or below, which makes some chargers flood. */
  intervalSeconds: number;
}
export interface HeartbeatAnswer {
  type: 'heartbeat';
  currentTime: Date;
}
export interface AuthorizeAnswer {
  type: 'authorize';
  token: TokenAnswer;
  /** 2.x AuthorizeCertificateStatusEnumType, when a certificate was shown. */
  certificateStatus?: string | null;
}
export interface TransactionAnswer {
  type: 'transaction';
  /** Needed for a 1.6 start, where it must be a positive 31-bit integer. */
  transactionRef: string | null;
  token: TokenAnswer | null;
  /** Running or final cost, decimal text in the currency the charger shows (2.x only). */
  totalCost?: string | null;
  /** What a prepaid session may cost at most, decimal text in the currency the charger shows (2.1). */
  maxCost?: string | null;
}
export interface DataTransferAnswer {
  type: 'dataTransfer';
  status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
  data?: string | null;
}
/** Yes or no to what a station asked for, in a word of the action's own list (2.x). */
export interface StatusAnswer {
  type: 'status';
  status: 'Accepted' | 'Rejected' | 'Processing' | 'NoChargingProfile';
  reason?: StatusReason | null;
}
/** Why, or how much is known. */
export interface StatusReason {
  /** At most 20 characters. */
  code: string;
  text?: string;
}
/** `limits` null: there is no such schedule. */
export interface DynamicScheduleAnswer {
  type: 'dynamicSchedule';
  limits: ScheduleLimits | null;
}
export interface CompanyAddress {
  name: string;
  address1: string;
  address2?: string | null;
  city: string;
  postalCode?: string | null;
  country: string;
}
export interface VatNumberAnswer {
  type: 'vatNumber';
  accepted: boolean;
  /** As they were asked about. */
  vatNumber: string;
  evseNumber: number | null;
  reason: StatusReason | null;
  company: CompanyAddress | null;
}
/** The answer has no content: status, meter values, reports. */
export interface EmptyAnswer {
  type: 'empty';
}

export type ChargerAnswer =
  | BootAnswer
  | HeartbeatAnswer
  | AuthorizeAnswer
  | TransactionAnswer
  | DataTransferAnswer
  | StatusAnswer
  | DynamicScheduleAnswer
  | VatNumberAnswer
  | ContractCertificateAnswer
  | CertificateStatusAnswer
  | ChainStatusAnswer
  | EmptyAnswer;
