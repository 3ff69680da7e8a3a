import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';

/** How long events stay in a stream and in the outbox behind it. */
export const RETENTION_DAYS = 14;

const NANOS_PER_SECOND = 1_000_000_000;
const STREAM_NOT_FOUND = 10_059;
const STREAM_NAME_IN_USE = 10_058;

export interface StreamLimits {
  readonly replicas?: number;
  /** -1: bounded by age only. */
  readonly maxBytes?: number;
}

/** `ocpp-gateway` -> `EVT_OCPP_GATEWAY`. */
export function streamName(service: string): string {
  return `EVT_${service.toUpperCase().replaceAll('-', '_')}`;
}

/** `ocpp-gateway` -> `evt.ocpp-gateway.>`: every event of a service. */
export function streamSubject(service: string): string {
  return `evt.${service}.>`;
}

/** The service's own stream as it is, made when missing. Only its producer creates a stream. */
export async function ensureStream(
  jsm: JetStreamManager,
  service: string,
  limits: StreamLimits = {},
): Promise<StreamInfo> {
  const name = streamName(service);
  const existing = await findStream(jsm, name);
  if (existing !== undefined) return existing;
  try {
    return await jsm.streams.add({
      name,
      subjects: [streamSubject(service)],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      // Full means that publishing fails and the outbox holds the events; dropping old ones would lose them.
      discard: DiscardPolicy.New,
      max_age: RETENTION_DAYS * 24 * 3600 * NANOS_PER_SECOND,
      max_bytes: limits.maxBytes ?? -1,
      max_msg_size: 1024 * 1024,
      duplicate_window: 120 * NANOS_PER_SECOND,
      num_replicas: limits.replicas ?? 1,
    });
  } catch (error) {
    if (!isApiError(error, STREAM_NAME_IN_USE)) throw error;
    return jsm.streams.info(name);
  }
}

/** undefined when there is no such stream. */
export async function findStream(jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (isApiError(error, STREAM_NOT_FOUND)) return undefined;
    throw error;
  }
}

export function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}
