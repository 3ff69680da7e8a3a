import type { Clock, IdSource } from '@kilowatch/kernel';
import type { ChargerAnswer, JsonObject, OcppSchemas } from '@kilowatch/ocpp';
import type { CallOptions } from '@kilowatch/platform';
import type { Station } from '../domain/station.js';
import type {
  AuthClient,
  BillingClient,
  CertificatesClient,
  ContractsClient,
  LoadManagementClient,
  SessionsClient,
} from '../peers.js';
import type { NoticeRepository } from '../persistence/notice.repository.js';
import type { FinalCost } from './final-cost.js';
import type { KnownModels } from './known-models.js';
import type { ReadingBatcher } from './reading-batcher.js';

/** One CALL of a charger, as it came. */
export interface StationCall {
  readonly station: Station;
  /** OCPP message id: for logs only, never for deduplication. */
  readonly id: string;
  readonly action: string;
  readonly payload: JsonObject;
  /** The whole frame, for quarantine. */
  readonly text: string;
  readonly receivedAt: Date;
  /** The transaction id that the charger was given for this StartTransaction when it could not be processed. */
  readonly assignedTransactionRef?: string;
  /** What sessions last acknowledged on this connection. */
  readonly memory: TransactionMemory;
}

/** Last charging state that sessions knew, by transaction; lives as long as the connection. */
export type TransactionMemory = Map<string, string>;

/** What the handlers work with. */
export interface HandlerPorts {
  readonly sessions: SessionsClient;
  readonly auth: AuthClient;
  readonly certificates: Pick<CertificatesClient, 'requestCertificate'>;
  readonly contracts: ContractsClient;
  readonly billing: Pick<BillingClient, 'checkVatNumber'>;
  readonly loadManagement: LoadManagementClient;
  readonly readings: Pick<ReadingBatcher, 'add'>;
  readonly finalCost: Pick<FinalCost, 'of'>;
  readonly notices: Pick<NoticeRepository, 'store'>;
  readonly models: Pick<KnownModels, 'of' | 'learn'>;
  readonly schemas: OcppSchemas;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** 0 <= n < 1 */
  readonly random: () => number;
}

/** `deviations`: codes of where this message left the specification. */
export type Handler<Message> = (
  ports: HandlerPorts,
  call: StationCall,
  message: Message,
  deviations: readonly string[],
) => Promise<ChargerAnswer>;

/** Chargers wait about 30 s for an answer; a service that needs more than this will not do better later. */
const CALL_DEADLINE_MS = 8_000;

/** All calls caused by chargers are idempotent by business key, so the client may repeat them on UNAVAILABLE. */
export function callOptions(call: StationCall): CallOptions {
  return { tenant: call.station.tenant, deadlineMs: CALL_DEADLINE_MS, idempotent: true };
}
