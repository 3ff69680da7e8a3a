// What a charger is told, without its version.

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
}
export interface DataTransferAnswer {
  type: 'dataTransfer';
  status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
  data?: string | null;
}
/** The answer has no content: status, meter values, reports. */
export interface EmptyAnswer {
  type: 'empty';
}

export type ChargerAnswer =
  BootAnswer | HeartbeatAnswer | AuthorizeAnswer | TransactionAnswer | DataTransferAnswer | EmptyAnswer;
