// Generated from the composed schema by scripts/generate-documents.mjs; never edited.

export type ChangeAvailabilityInput = {
  stationId: string;
  operative: boolean;
  evseNumber?: number | null;
  connectorNumber?: number | null;
  idempotencyKey?: string | null;
};

export type CompleteSignInInput = { challenge: string; code?: string | null; recoveryCode?: string | null };

export type ConfirmEmailInput = { link: string; password: string };

export type CreateQuoteInput = { connectorId: string };

export type MarkAlertReadInput = { alertId: string };

export type RateSessionInput = {
  sessionId: string;
  score: number;
  reasons?:
    | readonly (
        | 'DID_NOT_START'
        | 'SLOW'
        | 'FAULTY_CONNECTOR'
        | 'BLOCKED_BAY'
        | 'PAYMENT'
        | 'SIGNAGE'
        | 'HARD_TO_FIND'
        | 'PRICE'
        | 'SAFETY'
        | 'APP'
      )[]
    | null;
  text?: string | null;
};

export type RefreshSessionInput = { refreshToken: string };

export type ResetPasswordInput = { link: string; newPassword: string };

export type ResetStationInput = { stationId: string; kind: string; idempotencyKey?: string | null };

export type SessionFilter = {
  state?: 'ACTIVE' | 'ENDED' | null;
  stationId?: string | null;
  locationId?: string | null;
};

export type SetAlertPreferenceInput = {
  kind:
    | 'CHARGING_STARTED'
    | 'FULLY_CHARGED'
    | 'CHARGING_INTERRUPTED'
    | 'INVOICE_READY'
    | 'STATION_FAULT'
    | 'ANOMALY'
    | 'STATION_SECURITY'
    | 'FIRMWARE_FAILED'
    | 'CONNECTOR_STUCK'
    | 'UNAUTHORISED_ATTEMPT';
  channel: 'IN_APP' | 'EMAIL';
  enabled: boolean;
};

export type SignInInput = { email: string; password: string; tenant?: string | null };

export type SignOutInput = { refreshToken: string };

export type StartSessionInput = {
  connectorId: string;
  quoteId?: string | null;
  tokenId?: string | null;
  idempotencyKey?: string | null;
};

export type StationFilter = {
  locationId?: string | null;
  online?: boolean | null;
  status?:
    | 'AVAILABLE'
    | 'PREPARING'
    | 'CHARGING'
    | 'SUSPENDED_EV'
    | 'SUSPENDED_EVSE'
    | 'FINISHING'
    | 'RESERVED'
    | 'UNAVAILABLE'
    | 'FAULTED'
    | 'UNKNOWN'
    | null;
  search?: string | null;
};

export type StopSessionInput = { sessionId: string; idempotencyKey?: string | null };

export type UnlockConnectorInput = {
  stationId: string;
  evseNumber: number;
  connectorNumber: number;
  idempotencyKey?: string | null;
};
