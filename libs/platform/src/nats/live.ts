import type { LiveMessage } from '../db/pg-tx.js';
import type { Logger } from '../log/logger.js';
import { counter } from '../trace/metrics.js';
import type { NatsLink } from './nats-link.js';

/** `live.<topic>.<tenant>.<id>`, or the audience in place of the id */
export function liveSubject(topic: string, tenant: string, id: string): string {
  return `live.${topic}.${tenant}.${id}`;
}

/** Nobody's eye is faster, and a process writes to its socket ten times a second instead of with each commit. */
const PACE_MS = 100;
/** Of different things; more go out at once. */
const MOST_WAITING = 5_000;

/**
 * Best effort: a watcher that misses one sees the next, and asks anew when it connects. What changes several times within a moment
 * is told once, with its last version; nothing waits for a connection that is away.
 */
export class LiveFeed {
  private waiting = new Map<string, { readonly subject: string; readonly message: LiveMessage }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly nats: NatsLink,
    private readonly log: Logger,
  ) {}

  publish(message: LiveMessage): void {
    const { topic, tenant, id, audience } = message;
    const subject = liveSubject(topic, tenant, audience ?? id);
    // By id as well: an audience hears of each of its things.
    const key = audience === undefined ? subject : `${subject} ${id}`;
    const held = this.waiting.get(key);
    if (!held || !isNewer(held.message, message)) this.waiting.set(key, { subject, message });
    if (this.waiting.size >= MOST_WAITING) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), PACE_MS).unref();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const messages = [...this.waiting.values()];
    this.waiting = new Map();
    if (!this.nats.connected) {
      counter('kw_live_dropped_total').inc(messages.length);
      return;
    }
    try {
      const connection = this.nats.now();
      for (const { subject, message } of messages)
        connection.publish(subject, JSON.stringify({ id: message.id, version: message.version }));
    } catch (err) {
      // The connection is being closed, or one of them has no subject: nobody is behind this timer to hear of it.
      counter('kw_live_dropped_total').inc(messages.length);
      this.log.debug({ err }, 'live news dropped');
    }
  }
}

/** Transactions end in any order. */
function isNewer(a: LiveMessage, b: LiveMessage): boolean {
  return a.version !== undefined && b.version !== undefined && a.version > b.version;
}
