// Generated from proto/ by `npm run generate`. Do not edit.
import { eventType } from './event-type.js';
import * as auth from './generated/auth.js';
import * as billing from './generated/billing.js';
import * as common from './generated/common.js';
import * as feedback from './generated/feedback.js';
import * as insights from './generated/insights.js';
import * as loadManagement from './generated/load-management.js';
import * as metering from './generated/metering.js';
import * as notifications from './generated/notifications.js';
import * as ocppGateway from './generated/ocpp-gateway.js';
import * as sessions from './generated/sessions.js';

export type { EventPayload, EventType } from './event-type.js';
export {
  auth,
  billing,
  common,
  feedback,
  insights,
  loadManagement,
  metering,
  notifications,
  ocppGateway,
  sessions,
};

/** Every event of the platform; a consumer and a producer take the event from here, never a subject by hand. */
export const events = {
  attemptIncidentChanged: eventType<auth.AttemptIncidentChanged>(
    'auth',
    'attempt_incident_changed',
    1,
    auth.AttemptIncidentChanged,
  ),
  accountChanged: eventType<auth.AccountChanged>('auth', 'account_changed', 1, auth.AccountChanged),
  tokenChanged: eventType<auth.TokenChanged>('auth', 'token_changed', 1, auth.TokenChanged),
  contractDecided: eventType<auth.ContractDecided>('auth', 'contract_decided', 1, auth.ContractDecided),
  decisionsRecorded: eventType<auth.DecisionsRecorded>(
    'auth',
    'decisions_recorded',
    1,
    auth.DecisionsRecorded,
  ),
  authorizationDecided: eventType<auth.AuthorizationDecided>(
    'auth',
    'authorization_decided',
    1,
    auth.AuthorizationDecided,
  ),
  stationCertificateRefused: eventType<auth.StationCertificateRefused>(
    'auth',
    'station_certificate_refused',
    1,
    auth.StationCertificateRefused,
  ),
  accountMailRequested: eventType<auth.AccountMailRequested>(
    'auth',
    'account_mail_requested',
    1,
    auth.AccountMailRequested,
  ),
  tariffChanged: eventType<billing.TariffChanged>('billing', 'tariff_changed', 1, billing.TariffChanged),
  quoteLocked: eventType<billing.QuoteLocked>('billing', 'quote_locked', 1, billing.QuoteLocked),
  cdrIssued: eventType<billing.CdrIssued>('billing', 'cdr_issued', 1, billing.CdrIssued),
  invoiceIssued: eventType<billing.InvoiceIssued>('billing', 'invoice_issued', 1, billing.InvoiceIssued),
  creditNoteIssued: eventType<billing.CreditNoteIssued>(
    'billing',
    'credit_note_issued',
    1,
    billing.CreditNoteIssued,
  ),
  invoicePaid: eventType<billing.InvoicePaid>('billing', 'invoice_paid', 1, billing.InvoicePaid),
  walletChanged: eventType<billing.WalletChanged>('billing', 'wallet_changed', 1, billing.WalletChanged),
  billingHeld: eventType<billing.BillingHeld>('billing', 'billing_held', 1, billing.BillingHeld),
  priceFeedMissing: eventType<billing.PriceFeedMissing>(
    'billing',
    'price_feed_missing',
    1,
    billing.PriceFeedMissing,
  ),
  disputeOpened: eventType<billing.DisputeOpened>('billing', 'dispute_opened', 1, billing.DisputeOpened),
  disputeDecided: eventType<billing.DisputeDecided>('billing', 'dispute_decided', 1, billing.DisputeDecided),
  billingHoldDecided: eventType<billing.BillingHoldDecided>(
    'billing',
    'billing_hold_decided',
    1,
    billing.BillingHoldDecided,
  ),
  accountFundsChanged: eventType<billing.AccountFundsChanged>(
    'billing',
    'account_funds_changed',
    1,
    billing.AccountFundsChanged,
  ),
  sessionMoneyLow: eventType<billing.SessionMoneyLow>(
    'billing',
    'session_money_low',
    1,
    billing.SessionMoneyLow,
  ),
  sessionMoneyUsedUp: eventType<billing.SessionMoneyUsedUp>(
    'billing',
    'session_money_used_up',
    1,
    billing.SessionMoneyUsedUp,
  ),
  paymentChanged: eventType<billing.PaymentChanged>('billing', 'payment_changed', 1, billing.PaymentChanged),
  refundContradicted: eventType<billing.RefundContradicted>(
    'billing',
    'refund_contradicted',
    1,
    billing.RefundContradicted,
  ),
  chargebackChanged: eventType<billing.ChargebackChanged>(
    'billing',
    'chargeback_changed',
    1,
    billing.ChargebackChanged,
  ),
  dunningCaseChanged: eventType<billing.DunningCaseChanged>(
    'billing',
    'dunning_case_changed',
    1,
    billing.DunningCaseChanged,
  ),
  sessionRated: eventType<feedback.SessionRated>('feedback', 'session_rated', 1, feedback.SessionRated),
  anomalyDetected: eventType<insights.AnomalyDetected>(
    'insights',
    'anomaly_detected',
    1,
    insights.AnomalyDetected,
  ),
  anomalyResolved: eventType<insights.AnomalyResolved>(
    'insights',
    'anomaly_resolved',
    1,
    insights.AnomalyResolved,
  ),
  sessionLimitChanged: eventType<loadManagement.SessionLimitChanged>(
    'load-management',
    'session_limit_changed',
    1,
    loadManagement.SessionLimitChanged,
  ),
  readingsRecorded: eventType<metering.ReadingsRecorded>(
    'metering',
    'readings_recorded',
    1,
    metering.ReadingsRecorded,
  ),
  sessionMetered: eventType<metering.SessionMetered>(
    'metering',
    'session_metered',
    1,
    metering.SessionMetered,
  ),
  alertRaised: eventType<notifications.AlertRaised>(
    'notifications',
    'alert_raised',
    1,
    notifications.AlertRaised,
  ),
  connectionsRefused: eventType<ocppGateway.ConnectionsRefused>(
    'ocpp-gateway',
    'connections_refused',
    1,
    ocppGateway.ConnectionsRefused,
  ),
  stationConnected: eventType<ocppGateway.StationConnected>(
    'ocpp-gateway',
    'station_connected',
    1,
    ocppGateway.StationConnected,
  ),
  stationDisconnected: eventType<ocppGateway.StationDisconnected>(
    'ocpp-gateway',
    'station_disconnected',
    1,
    ocppGateway.StationDisconnected,
  ),
  frameQuarantined: eventType<ocppGateway.FrameQuarantined>(
    'ocpp-gateway',
    'frame_quarantined',
    1,
    ocppGateway.FrameQuarantined,
  ),
  stationFileUploaded: eventType<ocppGateway.StationFileUploaded>(
    'ocpp-gateway',
    'station_file_uploaded',
    1,
    ocppGateway.StationFileUploaded,
  ),
  localListOverwritten: eventType<sessions.LocalListOverwritten>(
    'sessions',
    'local_list_overwritten',
    1,
    sessions.LocalListOverwritten,
  ),
  sessionStarted: eventType<sessions.SessionStarted>(
    'sessions',
    'session_started',
    1,
    sessions.SessionStarted,
  ),
  sessionChargingStateChanged: eventType<sessions.SessionChargingStateChanged>(
    'sessions',
    'session_charging_state_changed',
    1,
    sessions.SessionChargingStateChanged,
  ),
  sessionEnded: eventType<sessions.SessionEnded>('sessions', 'session_ended', 1, sessions.SessionEnded),
  transactionOrphaned: eventType<sessions.TransactionOrphaned>(
    'sessions',
    'transaction_orphaned',
    1,
    sessions.TransactionOrphaned,
  ),
  orphanAttached: eventType<sessions.OrphanAttached>(
    'sessions',
    'orphan_attached',
    1,
    sessions.OrphanAttached,
  ),
  locationChanged: eventType<sessions.LocationChanged>(
    'sessions',
    'location_changed',
    1,
    sessions.LocationChanged,
  ),
  stationChanged: eventType<sessions.StationChanged>(
    'sessions',
    'station_changed',
    1,
    sessions.StationChanged,
  ),
  connectorStatusChanged: eventType<sessions.ConnectorStatusChanged>(
    'sessions',
    'connector_status_changed',
    1,
    sessions.ConnectorStatusChanged,
  ),
  securityEventRecorded: eventType<sessions.SecurityEventRecorded>(
    'sessions',
    'security_event_recorded',
    1,
    sessions.SecurityEventRecorded,
  ),
  reservationChanged: eventType<sessions.ReservationChanged>(
    'sessions',
    'reservation_changed',
    1,
    sessions.ReservationChanged,
  ),
  firmwareUpdateChanged: eventType<sessions.FirmwareUpdateChanged>(
    'sessions',
    'firmware_update_changed',
    1,
    sessions.FirmwareUpdateChanged,
  ),
  deviceEventRecorded: eventType<sessions.DeviceEventRecorded>(
    'sessions',
    'device_event_recorded',
    1,
    sessions.DeviceEventRecorded,
  ),
  connectorNeedsPerson: eventType<sessions.ConnectorNeedsPerson>(
    'sessions',
    'connector_needs_person',
    1,
    sessions.ConnectorNeedsPerson,
  ),
} as const;
