/** Reservations, updates, logs, messages and customer reports as the schema names them. */
import type {
  CustomerInformationRow,
  DisplayMessageRow,
  FirmwareRow,
  LogRow,
} from '../../usecases/read-station-operations.js';
import type { ReservationRow } from '../../usecases/read-reservations.js';

export type ReservationNode = ReturnType<typeof reservationNode>;

export function reservationNode(row: ReservationRow) {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    reason: row.reason || null,
    stationId: row.station_id,
    connectorId: row.connector_id,
    sessionId: row.session_id,
    driver: { id: row.account_id },
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
  };
}

export function firmwareNode(row: FirmwareRow) {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    location: row.location || null,
    signed: row.signed,
    requestedHere: row.requested_by !== '',
    requestedAt: row.requested_at,
    retrieveAt: row.retrieve_at,
    installAt: row.install_at,
    updatedAt: row.updated_at,
  };
}

export function logNode(row: LogRow) {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    detail: row.detail || null,
    fileName: row.file_name || null,
    sizeBytes: row.status === 'RECEIVED' ? Number(row.size_bytes) : null,
    requestedAt: row.requested_at,
    updatedAt: row.updated_at,
  };
}

export function displayMessageNode(row: DisplayMessageRow) {
  return {
    number: row.number,
    content: row.content,
    format: row.format,
    language: row.language || null,
    priority: row.priority,
    state: row.state || null,
    startsAt: row.start_at,
    endsAt: row.end_at,
    transactionId: row.transaction_ref || null,
    updatedAt: row.updated_at,
  };
}

export function customerInformationNode(row: CustomerInformationRow) {
  const { id, customer, report, clear, status, complete, data, requested_at: requestedAt } = row;
  return { id, customer, report, clear, status, complete, data, requestedAt };
}
