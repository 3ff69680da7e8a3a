/**
 * Every metric and span of the platform and its services, by name: what is not here does not exist (using another name
 * throws). Names follow Prometheus: `kw_`, base units, `_total` for counters.
 */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export const METRICS = {
  kw_health_check: { type: 'gauge', help: '1 while a dependency answers', labels: ['source', 'check'] },
  kw_db_transaction_seconds: {
    type: 'histogram',
    help: 'Time of a database transaction',
    labels: ['outcome'],
    buckets: FAST,
  },
  kw_db_retries_total: {
    type: 'counter',
    help: 'Transactions repeated after a serialization failure or deadlock',
    labels: [],
  },
  kw_outbox_published_total: {
    type: 'counter',
    help: 'Rows of the outbox (an event, or the events of a transaction) acknowledged by JetStream',
    labels: [],
  },
  kw_outbox_failures_total: { type: 'counter', help: 'Publishing rounds that failed', labels: [] },
  kw_outbox_refills_total: {
    type: 'counter',
    help: 'Times the stream was refilled from the outbox',
    labels: [],
  },
  kw_outbox_active: {
    type: 'gauge',
    help: '1 while this process is the one that publishes',
    labels: ['source'],
  },
  kw_outbox_pending: { type: 'gauge', help: 'Rows of the outbox not yet published', labels: ['source'] },
  kw_outbox_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest event not yet published',
    labels: ['source'],
  },
  kw_inbox_events_total: { type: 'counter', help: 'Events consumed', labels: ['source', 'event', 'outcome'] },
  kw_inbox_batch_seconds: {
    type: 'histogram',
    help: 'Time of one consumed batch',
    labels: ['source'],
    buckets: FAST,
  },
  kw_dead_letters_total: { type: 'counter', help: 'Events set aside', labels: ['source', 'kind'] },
  kw_due_work_total: { type: 'counter', help: 'Rows of background jobs run', labels: ['job', 'outcome'] },
  kw_live_dropped_total: { type: 'counter', help: 'Live messages dropped because NATS was away', labels: [] },
  kw_grpc_server_seconds: {
    type: 'histogram',
    help: 'Time of a gRPC call at the server',
    labels: ['method', 'code'],
    buckets: FAST,
  },
  kw_grpc_client_seconds: {
    type: 'histogram',
    help: 'Time of a gRPC call at the client',
    labels: ['method', 'code'],
    buckets: FAST,
  },
  kw_auth_incidents_total: {
    type: 'counter',
    help: 'Incidents of unauthorised attempts that were opened, or became more severe',
    labels: ['rule', 'severity'],
  },
  kw_auth_attempts_late_total: {
    type: 'counter',
    help: 'Signs of attempts that were told too late to count',
    labels: [],
  },
  kw_graphql_operation_seconds: {
    type: 'histogram',
    help: 'Time of a GraphQL operation',
    labels: ['outcome'],
    buckets: FAST,
  },
  kw_graphql_refused_total: {
    type: 'counter',
    help: 'GraphQL requests refused before execution',
    labels: ['reason'],
  },
  kw_graphql_subscriptions: { type: 'gauge', help: 'Open GraphQL subscriptions', labels: [] },
  kw_http_out_seconds: {
    type: 'histogram',
    help: 'Time of a request to the internet',
    labels: ['outcome'],
    buckets: FAST,
  },
  kw_auth_revocation_total: {
    type: 'counter',
    help: 'Certificates asked about, by what was found and where it came from',
    labels: ['status', 'source'],
  },
  kw_auth_revoked_list_failures_total: {
    type: 'counter',
    help: 'Times the list of ended sign-ins could not be read',
    labels: [],
  },
  kw_auth_refused_total: { type: 'counter', help: 'Tokens and credentials refused', labels: ['reason'] },
  kw_station_certificate_problems_total: {
    type: 'counter',
    help: 'What went wrong with certificates, roots, passwords and profiles of stations',
    labels: ['problem'],
  },
  kw_auth_contract_requests_total: {
    type: 'counter',
    help: 'Cars that asked the contract pool for their certificates',
    labels: ['outcome'],
  },
  kw_ocpp_connections: { type: 'gauge', help: 'Chargers connected', labels: ['version'] },
  kw_ocpp_calls_total: {
    type: 'counter',
    help: 'OCPP calls from chargers',
    labels: ['version', 'action', 'outcome'],
  },
  kw_ocpp_call_seconds: {
    type: 'histogram',
    help: 'Time from an OCPP call to its answer',
    labels: ['action'],
    buckets: FAST,
  },
  kw_ocpp_commands_total: { type: 'counter', help: 'OCPP calls to chargers', labels: ['action', 'outcome'] },
  kw_ocpp_refused_total: { type: 'counter', help: 'Sockets and frames refused', labels: ['reason'] },
  kw_ocpp_tls_handshakes_total: {
    type: 'counter',
    help: 'TLS handshakes on ports of the gateway, by port and by TLS version, failed or timeout',
    labels: ['port', 'outcome'],
  },
  kw_ocpp_certificate_expires_timestamp_seconds: {
    type: 'gauge',
    help: 'When the first certificate of what the TLS ports use expires (server, server_rsa, station_ca)',
    labels: ['certificate'],
  },
  kw_ocpp_journal_dropped_total: {
    type: 'counter',
    help: 'Frames and connection attempts that were not kept for the operator',
    labels: ['what'],
  },
  kw_ocpp_trace_unreadable_total: {
    type: 'counter',
    help: 'Pages of the frame trace that a search left out because they could not be read',
    labels: [],
  },
  kw_ocpp_care_total: { type: 'counter', help: 'Chargers asked to boot, probed, recycled', labels: ['care'] },
  kw_ocpp_quarantined_total: { type: 'counter', help: 'Frames set aside', labels: ['action'] },
  kw_ocpp_uploads_total: {
    type: 'counter',
    help: 'Files that stations sent, by outcome',
    labels: ['outcome'],
  },
  kw_ocpp_deviations_total: {
    type: 'counter',
    help: 'Messages that left the specification and were understood, by how',
    labels: ['kind'],
  },
  kw_ocpp_batch_sets: {
    type: 'histogram',
    help: 'Meter value sets in one call to metering',
    labels: [],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
  },
  kw_ocpp_final_costs_total: {
    type: 'counter',
    help: 'Ends of transactions at stations that show costs, told with the answer or later',
    labels: ['outcome'],
  },
  kw_ocpp_queue_length: { type: 'gauge', help: 'OCPP calls and readings waiting', labels: ['queue'] },
  kw_sessions_total: {
    type: 'counter',
    help: 'Charging sessions by what happened to them',
    labels: ['outcome'],
  },
  kw_connector_troubles_total: {
    type: 'counter',
    help: 'Connectors that misbehave without a session',
    labels: ['trouble'],
  },
  kw_connector_recoveries_total: {
    type: 'counter',
    help: 'What came of helping them: recovered, dropped, person',
    labels: ['outcome'],
  },
  kw_readings_total: {
    type: 'counter',
    help: 'Meter readings, stored or known already',
    labels: ['outcome'],
  },
  kw_billing_held_total: {
    type: 'counter',
    help: 'Sessions whose bill was held for review',
    labels: ['reason'],
  },
  kw_collective_invoices_total: {
    type: 'counter',
    help: 'Invoices over the sessions of a month',
    labels: [],
  },
  kw_payee_statements_total: {
    type: 'counter',
    help: 'Monthly statements for the owners of locations',
    labels: [],
  },
  kw_billing_decisions_total: {
    type: 'counter',
    help: 'Bills that a person decided about, before they were made or after',
    labels: ['stage', 'kind'],
  },
  kw_funds_used_up_total: {
    type: 'counter',
    help: 'Running sessions whose money was used, by how their account pays',
    labels: ['kind'],
  },
  kw_fund_stops_total: {
    type: 'counter',
    help: 'Commands to end sessions whose money is used, by what came of them',
    labels: ['outcome'],
  },
  kw_billing_costs_told_total: {
    type: 'counter',
    help: 'Costs told to stations that show them, by what came of it',
    labels: ['outcome'],
  },
  kw_auth_local_lists_total: {
    type: 'counter',
    help: 'Conversations with stations about their local lists and caches, by what they ended in',
    labels: ['outcome'],
  },
  kw_auth_local_lists_failed_total: {
    type: 'counter',
    help: 'Stations whose local list or cache could not be put right in several attempts',
    labels: ['part'],
  },
  kw_cdrs_total: { type: 'counter', help: 'Charge detail records by outcome', labels: ['outcome'] },
  kw_dunning_total: {
    type: 'counter',
    help: 'What happened to cases of overdue invoices',
    labels: ['change'],
  },
  kw_disputes_total: { type: 'counter', help: 'Disputes opened and decided', labels: ['state'] },
  kw_credits_total: { type: 'counter', help: 'Credit notes by where the money went', labels: ['method'] },
  kw_payments_total: { type: 'counter', help: 'Invoices paid', labels: ['method'] },
  kw_card_payments_total: {
    type: 'counter',
    help: 'Payments by card by the state they came to',
    labels: ['purpose', 'state'],
  },
  kw_chargebacks_total: {
    type: 'counter',
    help: 'Card payments that banks took back (WITHDRAWN), or gave back again (REINSTATED)',
    labels: ['change'],
  },
  kw_card_refunds_total: { type: 'counter', help: 'Refunds to cards by outcome', labels: ['outcome'] },
  kw_card_requests_total: {
    type: 'counter',
    help: 'Requests to the payment provider; UNKNOWN: without an answer that says what happened',
    labels: ['operation', 'outcome'],
  },
  kw_payment_webhooks_total: {
    type: 'counter',
    help: 'Webhooks of the payment provider',
    labels: ['outcome'],
  },
  kw_load_plans_total: { type: 'counter', help: 'Load plans computed', labels: ['outcome'] },
  kw_anomalies_total: { type: 'counter', help: 'Anomalies found', labels: ['kind'] },
  kw_notifications_total: {
    type: 'counter',
    help: 'Notifications by channel and outcome',
    labels: ['channel', 'outcome'],
  },
  kw_ocpi_requests_total: {
    type: 'counter',
    help: 'OCPI requests',
    labels: ['direction', 'module', 'outcome'],
  },
} as const satisfies Record<string, MetricDeclaration>;

export const SPANS = [
  'db.transaction',
  'inbox.handle',
  'due-work.run',
  'grpc.server',
  'grpc.client',
  'graphql.operation',
  'http.out',
  'ocpp.call',
  'ocpp.command',
  'ocpp.batch',
  'ocpp.upload',
  'ocpi.request',
  'billing.webhook',
] as const;

export type MetricName = keyof typeof METRICS;
export type MetricLabels<N extends MetricName> = (typeof METRICS)[N]['labels'][number];
export type NamesOf<T extends MetricDeclaration['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];
export type SpanName = (typeof SPANS)[number];
