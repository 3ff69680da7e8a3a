/** Our views as the schema names them. */
import { stateOf } from '../../domain/orphan-review.js';
import { chargingStateOf, periodsOf, statusOf } from '../../domain/session.js';
import type {
  ConnectorView,
  LocationView,
  StationVariableRow,
  StationView,
} from '../../usecases/read-places.js';
import type { OrphanRow, SessionView } from '../../usecases/read-sessions.js';
import type { CommandAnswer } from '../../usecases/run-command.js';

export type SessionNode = ReturnType<typeof sessionNode>;
export type StationNode = ReturnType<typeof stationNode>;
export type ConnectorNode = ReturnType<typeof connectorNode>;
export type OrphanNode = ReturnType<typeof orphanNode>;
export type LocationNode = LocationView;

export function sessionNode({ session, locationId, connectorId }: SessionView) {
  const { payer, end } = session;
  return {
    id: session.sessionId,
    state: statusOf(session),
    chargingState: chargingStateOf(session),
    stationId: session.stationId,
    locationId,
    connectorId,
    evseNumber: session.evseNumber,
    driver: payer?.accountId ? { id: payer.accountId } : null,
    token: payer?.tokenId ? { id: payer.tokenId } : null,
    startMethod: payer?.startMethod ?? (session.offline ? 'OFFLINE' : 'RFID'),
    protocol: session.protocol,
    transactionId: session.transactionRef,
    startedAt: session.startedAt,
    endedAt: end?.at ?? null,
    stopReason: end?.reason ?? null,
    statePeriods: periodsOf(session).map(({ state, from, to }) => ({ state, from, to: to ?? null })),
  };
}

export function stationNode(view: StationView) {
  return {
    id: view.id,
    identity: view.identity,
    name: view.name,
    locationId: view.locationId,
    online: view.online,
    protocol: view.protocol || null,
    vendor: view.vendor || null,
    model: view.model || null,
    serialNumber: view.serialNumber || null,
    firmwareVersion: view.firmwareVersion || null,
    lastBootAt: view.lastBootAt ?? null,
    lastSeenAt: view.lastSeenAt ?? null,
    registration: view.registration,
    evses: view.evses.map(evseNode),
  };
}

export function connectorNode(view: ConnectorView) {
  return {
    id: view.id,
    number: view.number,
    status: view.status,
    wantedOperative: view.wantedOperative,
    errorCode: view.errorCode || null,
    vendorErrorCode: view.vendorErrorCode || null,
    info: view.info || null,
    statusSince: view.statusSince ?? null,
    standard: view.standard,
    powerType: view.powerType,
    maxCurrentA: view.maxCurrentA,
    maxVoltageV: view.maxVoltageV,
  };
}

export function variableNode(row: StationVariableRow) {
  return {
    component: row.component_instance ? `${row.component}.${row.component_instance}` : row.component,
    evseNumber: row.evse_number < 0 ? null : row.evse_number,
    variable: row.variable,
    instance: row.variable_instance || null,
    attributeType: row.attribute_type,
    value: row.value,
  };
}

export function orphanNode(row: OrphanRow) {
  const { token, ...payload } = row.message;
  return {
    row,
    id: row.id,
    stationId: row.station_id,
    kind: row.kind,
    reason: row.reason,
    state: stateOf({ adoptedBy: row.adopted_by ?? undefined, dismissed: row.dismissed }),
    reviewedBy: row.reviewed_by || null,
    reviewedAt: row.reviewed_at,
    note: row.review_note || null,
    transactionId: row.transaction_ref || null,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    payload: { ...payload, token: token?.decision?.tokenMasked },
  };
}

export function commandNode(answer: CommandAnswer) {
  return {
    commandId: answer.commandId,
    outcome: answer.outcome,
    status: answer.status || null,
    errorCode: answer.errorCode || null,
    errorDescription: answer.errorDescription || null,
    payload: answer.payloadJson ? (JSON.parse(answer.payloadJson) as unknown) : null,
  };
}

/** A page with its nodes in the schema's shape. */
export function mapNodes<C extends { edges: readonly { cursor: string; node: unknown }[] }, Node>(
  connection: C,
  toNode: (node: C['edges'][number]['node']) => Node,
) {
  return {
    ...connection,
    edges: connection.edges.map(({ cursor, node }) => ({ cursor, node: toNode(node) })),
  };
}

function evseNode(view: StationView['evses'][number]) {
  return {
    id: view.id,
    number: view.number,
    status: view.status,
    wantedOperative: view.wantedOperative,
    connectors: view.connectors.map(connectorNode),
  };
}
