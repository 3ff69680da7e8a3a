import { DEMO_TARIFF } from '@kilowatch/tools/seed/demo-data';

/** Ids of things of the first driver, or of the tenant. */
export type Things = Record<
  | 'accountId'
  | 'tokenId'
  | 'contractId'
  | 'tariffId'
  | 'invoiceId'
  | 'alertId'
  | 'locationId'
  | 'stationId'
  | 'connectorId'
  | 'sessionId'
  | 'logId'
  | 'bulkCommandId'
  | 'partnerId'
  | 'day',
  string
>;

type Values = (things: Things) => Record<string, unknown>;

/**
 * What each field is asked with, where the made-up values of support/minimal-call.ts will not do: inputs by name, at any depth, and
 * optional ones that are to be passed too. Inputs called like a key of Things name that thing without being told; an input called `id`
 * is a session's, which nothing else has.
 */
export const ARGUMENTS: Readonly<Record<string, Values>> = {
  // Each comes with papers that are drawn and signatures that are verified: a page of them costs too much.
  'Query.invoices': () => ({ first: 2 }),
  'Query.sessions': () => ({ first: 2 }),
  'Query.payeeStatements': () => ({ first: 2 }),
  'Query.tariff': ({ tariffId }) => ({ id: tariffId }),
  'Query.invoice': ({ invoiceId }) => ({ id: invoiceId }),
  'Query.wallet': ({ accountId }) => ({ accountId }),
  'Query.accountDebt': ({ accountId }) => ({ accountId }),
  'Query.paymentTerms': ({ accountId }) => ({ accountId }),
  'Query.paymentCards': ({ accountId }) => ({ accountId }),
  'Query.stationReport': ({ day }) => ({ from: day, to: day }),
  'Query.revenue': ({ day }) => ({ from: day, to: day }),
  'Query.revenueFile': ({ day }) => ({ from: day, to: day }),
  'Query.alert': ({ alertId }) => ({ id: alertId }),
  'Query.location': ({ locationId }) => ({ id: locationId }),
  'Query.station': ({ stationId }) => ({ id: stationId }),
  'Query.session': ({ sessionId }) => ({ id: sessionId }),
  'Query.stationLog': ({ logId }) => ({ id: logId }),
  'Query.livePowerAt': ({ stationId }) => ({ id: stationId }),
  'Query.contract': ({ contractId }) => ({ id: contractId }),
  'Query.bulkCommand': ({ bulkCommandId }) => ({ id: bulkCommandId }),

  'Mutation.setAccountActive': ({ accountId }) => ({ accountId }),
  // Of nobody so far: whoever may ask gets a request of their own.
  'Mutation.requestMyContract': () => ({ emaid: 'DE8AA0MATRIX01' }),
  'Mutation.setTokensOffline': ({ tokenId }) => ({ tokenIds: [tokenId], offline: true }),
  'Mutation.applyTariff': () => ({ id: 'their-own', currency: 'EUR', definition: DEMO_TARIFF.definition }),
  // A bill that says so already: not corrected, so that the other rows find it as it is.
  'Mutation.correctBill': () => ({ correction: 'AS_MEASURED' }),
  // Opened, it would keep the invoice from being paid in the rows that follow.
  'Mutation.openDispute': () => ({ text: ' ' }),
  'Mutation.decideDispute': () => ({ decision: 'REJECT' }),
  'Mutation.topUpWallet': ({ accountId }) => ({ accountId, currency: 'EUR' }),
  'Mutation.setPayee': () => ({ currency: 'EUR' }),
  'Mutation.agreePayeeTerm': ({ locationId }) => ({ locationId, firstMonth: '2026-01' }),
  'Mutation.endPayeeTerm': () => ({ lastMonth: '2026-01' }),
  'Mutation.setPaymentTerms': ({ accountId }) => ({
    accountId,
    kind: 'ACCOUNT',
    currency: 'EUR',
    creditLimit: null,
    daysToPay: 14,
    // Their cards are used by what follows.
    blocked: false,
  }),
  'Mutation.setDunningSettings': () => ({
    enabled: true,
    currency: 'EUR',
    levels: [{ days: 3 }],
    endDays: 14,
  }),
  'Mutation.registerWithOcpiPartner': () => ({ versionsUrl: 'no-url' }),
  'Mutation.sendCommand': () => ({ action: 'Reset', payload: { type: 'Soft' } }),
  'Mutation.resetStation': () => ({ kind: 'SOFT' }),
  'Mutation.triggerMessage': () => ({ requestedMessage: 'StatusNotification' }),
  'Mutation.upgradeStationSecurity': () => ({ toProfile: 2 }),
  'Mutation.reserveConnector': () => ({ expiresAt: new Date(Date.now() + 600_000).toISOString() }),
  // The ids of a session: nothing else has them.
  'Mutation.cancelReservation': ({ sessionId }) => ({ reservationId: sessionId }),
  'Mutation.updateFirmware': () => ({ location: 'https://firmware.example/v2.bin' }),
  'Mutation.requestLog': () => ({ kind: 'DIAGNOSTICS' }),
  'Mutation.setDisplayMessage': () => ({ content: 'Hello' }),
  'Mutation.requestCustomerInformation': () => ({ customerIdentifier: 'C-1', report: true, clear: false }),
  'Mutation.startBulkCommand': ({ stationId }) => ({
    action: 'Reset',
    payload: { type: 'Soft' },
    filter: { stationIds: [stationId] },
  }),
  'Mutation.attachOrphanedMessage': ({ sessionId }) => ({ messageId: sessionId }),
  'Mutation.dismissOrphanedMessage': ({ sessionId }) => ({ messageId: sessionId, reason: 'x' }),
  'Mutation.replayQuarantinedFrame': ({ sessionId }) => ({ frameId: sessionId }),
  'Mutation.dismissQuarantinedFrame': ({ sessionId }) => ({ frameId: sessionId }),
};

/** Documents of subscriptions, by field. */
export const SUBSCRIPTIONS: Readonly<
  Record<
    string,
    { readonly document: string; readonly variables: Values; readonly about: 'object' | 'person' }
  >
> = {
  bulkCommandUpdated: {
    document: 'subscription($id: ID!) { bulkCommandUpdated(id: $id) { id } }',
    variables: ({ bulkCommandId }) => ({ id: bulkCommandId }),
    about: 'object',
  },
  alertRaised: { document: 'subscription { alertRaised { id } }', variables: () => ({}), about: 'person' },
  incidentChanged: {
    document: 'subscription { incidentChanged { id } }',
    variables: () => ({}),
    about: 'person',
  },
  sessionUpdated: {
    document: 'subscription($id: ID!) { sessionUpdated(id: $id) { id } }',
    variables: ({ sessionId }) => ({ id: sessionId }),
    about: 'object',
  },
  livePowerChanged: {
    document: 'subscription($id: ID!) { livePowerChanged(id: $id) { powerW activeSessions } }',
    variables: ({ stationId }) => ({ id: stationId }),
    about: 'object',
  },
  stationUpdated: {
    document: 'subscription($id: ID!) { stationUpdated(id: $id) { id } }',
    variables: ({ stationId }) => ({ id: stationId }),
    about: 'object',
  },
};

/** The thing behind an entity's id; types that are not here are asked for with an id that nobody has. */
export const ENTITY_IDS: Readonly<Record<string, keyof Things>> = {
  Account: 'accountId',
  Alert: 'alertId',
  Connector: 'connectorId',
  Invoice: 'invoiceId',
  Location: 'locationId',
  Session: 'sessionId',
  Station: 'stationId',
  StationLog: 'logId',
  Tariff: 'tariffId',
  Token: 'tokenId',
};
