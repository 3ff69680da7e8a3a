import type { LiveMessage } from '../db/pg-tx.js';
import { counter } from '../trace/metrics.js';
import type { NatsLink } from './nats-link.js';

/** `live.<topic>.<tenant>.<id>`, or the audience in place of the id */
export function liveSubject(topic: string, tenant: string, id: string): string {
  return `live.${topic}.${tenant}.${id}`;
}

/** Best effort: a watcher that misses one sees the next, and asks anew when it connects. Never buffered. */
export function publishLive(nats: NatsLink, message: LiveMessage): void {
  if (!nats.connected) {
    counter('kw_live_dropped_total').inc();
    return;
  }
  const { topic, tenant, id, version, audience } = message;
  nats.now().publish(liveSubject(topic, tenant, audience ?? id), JSON.stringify({ id, version }));
}
