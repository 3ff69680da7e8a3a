import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** Durables that have not worked off their stream (waiting, or handed out and not acknowledged), one line each. */
export async function consumerLag(natsUrl: string): Promise<string[]> {
  const connection = await connect({ servers: natsUrl, timeout: 2_000, maxReconnectAttempts: 0 });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const lines: string[] = [];
    for await (const stream of manager.streams.list()) {
      for await (const { name, num_pending, num_ack_pending } of manager.consumers.list(stream.config.name)) {
        const behind = num_pending + num_ack_pending;
        if (behind > 0) lines.push(`${name} is ${behind} events behind in ${stream.config.name}`);
      }
    }
    return lines;
  } finally {
    await connection.close();
  }
}
