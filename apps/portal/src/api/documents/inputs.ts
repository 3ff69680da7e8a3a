// Generated from the composed schema by scripts/generate-documents.mjs; never edited.

export type AccountAddressInput = { email: string; tenant?: string | null };

export type AddSubscriptionInput = {
  accountId: string;
  plan: string;
  validFrom?: string | null;
  validUntil?: string | null;
};

export type AgreePayeeTermInput = {
  payeeId: string;
  locationId: string;
  kind: 'ENERGY_SHARE' | 'PER_KWH' | 'PER_SESSION';
  value: string;
  firstMonth: string;
  lastMonth?: string | null;
  reason: string;
  idempotencyKey: string;
};

export type ApproveUnknownTokenInput = {
  id: string;
  accountEmail?: string | null;
  groupId?: string | null;
  allowConcurrent?: boolean | null;
  expiresAt?: string | null;
};

export type AssignTariffInput = {
  tariffId: string;
  scope: 'TOKEN' | 'DRIVER' | 'STATION' | 'LOCATION' | 'GROUP';
  ref: string;
  validFrom?: string | null;
  validUntil?: string | null;
};

export type AuditFilter = {
  actorId?: string | null;
  targetKind?: string | null;
  targetId?: string | null;
  action?: string | null;
  since?: string | null;
  until?: string | null;
};

export type BlockMyTokenInput = { tokenId: string; reason?: string | null };

export type CancelReservationInput = { reservationId: string; idempotencyKey?: string | null };

export type ChangeAvailabilityInput = {
  stationId: string;
  operative: boolean;
  evseNumber?: number | null;
  connectorNumber?: number | null;
  idempotencyKey?: string | null;
};

export type ChangePasswordInput = { oldPassword: string; newPassword: string };

export type ChoosePaymentMethodInput = { method: 'CARD' | 'AS_AGREED'; cardId?: string | null };

export type CloseIncidentInput = { incidentId: string; reason: string };

export type CompleteSignInInput = { challenge: string; code?: string | null; recoveryCode?: string | null };

export type ConfirmEmailInput = { link: string; password: string };

export type ConfirmTotpInput = { code: string; challenge?: string | null };

export type ConnectionAttemptFilter = { identity?: string | null; outcome?: 'ACCEPTED' | 'REFUSED' | null };

export type CreateAccountInput = {
  email: string;
  password?: string | null;
  displayName: string;
  role: 'DRIVER' | 'OPERATOR' | 'SUPPORT' | 'PARTNER' | 'ADMIN';
  party?: string | null;
  locale?: string | null;
};

export type CreateMachineClientInput = { name: string; scopes: readonly string[] };

export type CreateQuoteInput = { connectorId: string };

export type DecideContractRequestInput = { id: string; approve: boolean; reason: string };

export type DecideDisputeInput = {
  disputeId: string;
  decision: 'ACCEPT' | 'REJECT';
  correction?: 'AS_MEASURED' | 'ENERGY' | 'AMOUNT' | 'WAIVE' | null;
  energyWh?: number | null;
  totalInclVat?: string | null;
  answer: string;
  idempotencyKey: string;
};

export type DecideHoldInput = {
  sessionId: string;
  decision: 'BILL_AS_MEASURED' | 'BILL_ENERGY' | 'WAIVE';
  energyWh?: number | null;
  reason: string;
  idempotencyKey: string;
};

export type DismissQuarantinedFrameInput = { frameId: string; reason: string };

export type DunningActInput = { caseId: string; reason: string; idempotencyKey: string };

export type EndPayeeTermInput = { termId: string; lastMonth: string; reason: string };

export type EndSignInSessionInput = { sessionId: string };

export type EndSubscriptionInput = { id: string; until?: string | null };

export type EndTariffAssignmentInput = { id: string; until?: string | null };

export type FinishCardSetupInput = { setupId: string };

export type FinishPasskeyInput = { ticket: string; response: unknown; name: string };

export type FinishPasskeySignInInput = { ticket: string; response: unknown };

export type FinishProviderSignInInput = { flow: string; callback: string };

export type IgnoreUnknownTokenInput = { id: string; ignored: boolean };

export type ImportTokensInput = { tokens: readonly TokenInput[] };

export type TokenInput = {
  value: string;
  type?: string | null;
  accountEmail?: string | null;
  expiresAt?: string | null;
  groupId?: string | null;
  allowConcurrent?: boolean | null;
  status?: 'ACTIVE' | 'BLOCKED' | 'EXPIRED' | null;
  limits?: TokenLimitsInput | null;
  prepaid?: boolean | null;
};

export type TokenLimitsInput = {
  locationIds?: readonly string[] | null;
  powerTypes?: readonly ('AC_1_PHASE' | 'AC_3_PHASE' | 'DC')[] | null;
  hours?: readonly TokenHoursInput[] | null;
};

export type TokenHoursInput = {
  days: readonly ('MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY')[];
  from: string;
  to: string;
};

export type IncidentFilter = {
  status?: 'OPEN' | 'CLOSED' | null;
  rules?:
    | readonly (
        | 'TOKEN_GUESSING'
        | 'KEY_CODE_GUESSING'
        | 'TOKEN_AT_MANY_STATIONS'
        | 'IMPOSSIBLE_TRAVEL'
        | 'CONCURRENT_USE'
        | 'REVOKED_CONTRACT'
        | 'FORGED_CHAIN'
        | 'SEQUENTIAL_UIDS'
        | 'STATION_CREDENTIAL'
        | 'IDENTITY_SCAN'
        | 'NEW_NETWORK'
        | 'CONNECTION_FLAPPING'
        | 'PROFILE_DOWNGRADE'
        | 'UNAUTHORISED_START'
        | 'MASTER_PASS_START'
        | 'OFFLINE_ENERGY'
      )[]
    | null;
  atLeast?: 'LOW' | 'MEDIUM' | 'HIGH' | null;
  stationId?: string | null;
};

export type MarkAlertReadInput = { alertId: string };

export type OpenCardPageInput = { returnUrl: string; idempotencyKey: string };

export type OpenDisputeInput = {
  sessionId: string;
  reason: 'ENERGY' | 'PRICE' | 'IDLE' | 'NOT_MINE' | 'OTHER';
  text: string;
  idempotencyKey: string;
};

export type PauseDunningInput = {
  caseId: string;
  until?: string | null;
  reason: string;
  idempotencyKey: string;
};

export type PayPayeeStatementInput = { statementId: string; reference: string; idempotencyKey: string };

export type ProofInput = { password: string; code?: string | null; recoveryCode?: string | null };

export type QuarantinedFrameFilter = { stationId?: string | null; open?: boolean | null };

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

export type RecordTransferInput = {
  invoiceId: string;
  amount?: string | null;
  receivedOn?: string | null;
  reference: string;
  idempotencyKey: string;
};

export type RefreshSessionInput = { refreshToken: string };

export type RegisterInput = {
  email: string;
  password: string;
  displayName: string;
  locale?: string | null;
  tenant?: string | null;
};

export type RemoveCardInput = { cardId: string };

export type RemovePasskeyInput = { passkeyId: string };

export type RemovePriceFeedInput = { source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL'; area: string };

export type RemoveTariffSourceInput = { tariffId: string };

export type RenameMyTokenInput = { tokenId: string; name: string };

export type RenamePasskeyInput = { passkeyId: string; name: string };

export type ReplayQuarantinedFrameInput = { frameId: string; payload?: unknown | null };

export type RequestContractRemovalInput = { contractId: string; note?: string | null };

export type RequestMyContractInput = { emaid: string; name?: string | null; note?: string | null };

export type ReserveConnectorInput = {
  connectorId: string;
  expiresAt: string;
  tokenId?: string | null;
  quoteId?: string | null;
  idempotencyKey?: string | null;
};

export type ResetPasswordInput = { link: string; newPassword: string };

export type ResetSecondFactorInput = { accountId: string; reason: string };

export type ResetStationInput = { stationId: string; kind: string; idempotencyKey?: string | null };

export type RevenueInput = {
  from: string;
  to: string;
  by: 'TENANT' | 'LOCATION' | 'STATION';
  period: 'DAY' | 'MONTH' | 'YEAR';
};

export type RevokeMachineClientInput = { clientId: string; reason: string };

export type RotateMachineClientSecretInput = { clientId: string; graceHours?: number | null };

export type SessionFilter = {
  state?: 'ACTIVE' | 'ENDED' | null;
  stationId?: string | null;
  locationId?: string | null;
};

export type SetAccountActiveInput = { accountId: string; active: boolean; reason: string };

export type SetAlertPreferenceInput = {
  kind:
    | 'CHARGING_STARTED'
    | 'FULLY_CHARGED'
    | 'CHARGING_INTERRUPTED'
    | 'INVOICE_READY'
    | 'INVOICE_CREDITED'
    | 'DISPUTE_DECIDED'
    | 'MONEY_LOW'
    | 'MONEY_USED_UP'
    | 'CARD_DECLINED'
    | 'CARD_CONFIRM'
    | 'INVOICE_OVERDUE'
    | 'INVOICE_SETTLED'
    | 'PAYMENT_TAKEN_BACK'
    | 'CONTRACT_DECIDED'
    | 'STATION_FAULT'
    | 'ANOMALY'
    | 'STATION_SECURITY'
    | 'FIRMWARE_FAILED'
    | 'CONNECTOR_STUCK'
    | 'UNAUTHORISED_ATTEMPT'
    | 'METER_DISPUTED'
    | 'BILL_QUESTIONED'
    | 'TRANSACTION_ORPHANED'
    | 'PRICES_MISSING'
    | 'DISPUTE_OPENED'
    | 'DEBT_COLLECTION'
    | 'CHARGEBACK'
    | 'REFUND_CONTRADICTED';
  channel: 'IN_APP' | 'EMAIL';
  enabled: boolean;
};

export type SetAttemptRulesInput = {
  rules?: readonly AttemptRuleInput[] | null;
  blockClones?: boolean | null;
  refusalDelayMs?: number | null;
  reason: string;
};

export type AttemptRuleInput = {
  rule:
    | 'TOKEN_GUESSING'
    | 'KEY_CODE_GUESSING'
    | 'TOKEN_AT_MANY_STATIONS'
    | 'IMPOSSIBLE_TRAVEL'
    | 'CONCURRENT_USE'
    | 'REVOKED_CONTRACT'
    | 'FORGED_CHAIN'
    | 'SEQUENTIAL_UIDS'
    | 'STATION_CREDENTIAL'
    | 'IDENTITY_SCAN'
    | 'NEW_NETWORK'
    | 'CONNECTION_FLAPPING'
    | 'PROFILE_DOWNGRADE'
    | 'UNAUTHORISED_START'
    | 'MASTER_PASS_START'
    | 'OFFLINE_ENERGY';
  enabled?: boolean | null;
  settings?: readonly AttemptRuleSettingInput[] | null;
};

export type AttemptRuleSettingInput = { name: string; value: number };

export type SetContractStatusInput = {
  contractId: string;
  status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  reason: string;
};

export type SetDunningSettingsInput = {
  enabled: boolean;
  currency: string;
  levels: readonly DunningLevelInput[];
  end: 'COLLECTION' | 'WRITE_OFF' | 'NONE';
  endDays: number;
  interestPercent?: string | null;
  smallest?: string | null;
  timeZone?: string | null;
  instructions?: string | null;
  reason: string;
};

export type DunningLevelInput = { days: number; fee?: string | null; blocks?: boolean | null };

export type SetPayeeInput = {
  id?: string | null;
  name: string;
  address: string;
  vatId?: string | null;
  currency: string;
  idempotencyKey: string;
};

export type SetPaymentTermsInput = {
  accountId?: string | null;
  kind: 'PREPAID' | 'ACCOUNT' | 'CARD';
  currency: string;
  floor: string;
  minimumToStart: string;
  creditLimit?: string | null;
  daysToPay: number;
  blocked: boolean;
  invoicing?: 'PER_SESSION' | 'MONTHLY' | null;
  reason: string;
};

export type SetPriceFeedInput = {
  source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL';
  area: string;
  currency: string;
  timeZone?: string | null;
  publishMinute?: number | null;
  alertMinute?: number | null;
};

export type SetTariffGroupInput = {
  id?: string | null;
  name: string;
  add?: readonly TariffGroupMemberInput[] | null;
  remove?: readonly TariffGroupMemberInput[] | null;
};

export type TariffGroupMemberInput = { kind: 'DRIVER' | 'STATION' | 'LOCATION'; ref: string };

export type SetTariffSourceInput = {
  tariffId: string;
  name: string;
  currency?: string | null;
  definition?: unknown | null;
  idleGraceMinutes?: number | null;
  timeZone?: string | null;
  curve?: CurveRefInput | null;
  fallbackTariffId?: string | null;
  spot?: SpotRuleInput | null;
  steps?: readonly PriceStepInput[] | null;
  discount?: DiscountInput | null;
};

export type CurveRefInput = { source: 'ENTSOE' | 'AWATTAR' | 'OCTOPUS' | 'NORD_POOL' | 'OWN'; area: string };

export type SpotRuleInput = {
  marginPercent?: string | null;
  margin?: string | null;
  floor?: string | null;
  cap?: string | null;
};

export type PriceStepInput = { below?: string | null; price: string };

export type DiscountInput = {
  baseTariffId: string;
  plan: string;
  percent?: string | null;
  perKwh?: string | null;
};

export type SetTokenStatusInput = {
  tokenId: string;
  status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  reason: string;
};

export type SignInInput = { email: string; password: string; tenant?: string | null };

export type SignInPolicyInput = {
  secondFactorRoles: readonly ('DRIVER' | 'OPERATOR' | 'SUPPORT' | 'PARTNER' | 'ADMIN')[];
};

export type SignOutInput = { refreshToken: string };

export type StartPasskeyInput = { password: string };

export type StartProviderSignInInput = { providerId: string; tenant?: string | null };

export type StartSessionInput = {
  connectorId: string;
  quoteId?: string | null;
  tokenId?: string | null;
  idempotencyKey?: string | null;
};

export type StartTotpInput = { challenge?: string | null; password?: string | null };

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

export type TariffAssignmentFilter = {
  scope?: 'TOKEN' | 'DRIVER' | 'STATION' | 'LOCATION' | 'GROUP' | null;
  ref?: string | null;
  tariffId?: string | null;
};

export type UnblockMyTokenInput = { tokenId: string };

export type UnlockConnectorInput = {
  stationId: string;
  evseNumber: number;
  connectorNumber: number;
  idempotencyKey?: string | null;
};

export type WireFrameFilter = {
  direction?: 'RECEIVED' | 'SENT' | null;
  action?: string | null;
  messageId?: string | null;
  contains?: string | null;
  from?: string | null;
  before?: string | null;
};

export type WithdrawContractRequestInput = { id: string };

export type WithdrawTariffVersionInput = { tariffId: string; version: number };
