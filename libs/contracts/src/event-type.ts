// One kind of event: its name on the wire, its subject and stream, and its codec. The registry in index.ts holds them all.
import type { EventMeta } from './generated/kilowatch/common/v1/common.js';

export interface EventPayload {
  meta?: EventMeta | undefined;
}

export interface EventType<T> {
  /** Name of the producing service, e.g. `load-management`. */
  readonly service: string;
  /** Past-tense fact, e.g. `session_started`. */
  readonly name: string;
  readonly version: number;
  /** JetStream stream of the producing service, e.g. `EVT_LOAD_MANAGEMENT`. */
  readonly stream: string;
  /** `evt.<service>.<name>.v<version>.<tenant>` */
  subject(tenant: string): string;
  encode(payload: T): Uint8Array;
  decode(bytes: Uint8Array): T;
  create(partial: Partial<T>): T;
}

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(input: Uint8Array): T;
  fromPartial(partial: never): T;
}

export function eventType<T extends EventPayload>(
  service: string,
  name: string,
  version: number,
  codec: Codec<T>,
): EventType<T> {
  return {
    service,
    name,
    version,
    stream: `EVT_${service.toUpperCase().replaceAll('-', '_')}`,
    subject: (tenant) => `evt.${service}.${name}.v${version}.${tenant}`,
    encode: (payload) => codec.encode(payload).finish(),
    decode: (bytes) => codec.decode(bytes),
    create: (partial) => codec.fromPartial(partial as never),
  };
}
