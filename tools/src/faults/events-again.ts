import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

const STREAMS = /^EVT_/;

/** Publishes every event that is in a stream once more, as another message: JetStream cannot know it. Returns how many. */
export async function publishAllAgain(natsUrl: string): Promise<number> {
  return onNats(natsUrl, async (connection) => {
    const manager = await jetstreamManager(connection);
    let again = 0;
    for await (const { config, state } of manager.streams.list()) {
      if (!STREAMS.test(config.name) || state.messages === 0) continue;
      // Up to what is there now: our own copies come behind it.
      for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
        const message = await manager.streams.getMessage(config.name, { seq });
        if (!message) continue;
        await jetstream(connection).publish(message.subject, message.data);
        again += 1;
      }
    }
    return again;
  });
}

export async function publish(natsUrl: string, subject: string, payload: Uint8Array | string): Promise<void> {
  await onNats(natsUrl, (connection) => jetstream(connection).publish(subject, payload));
}

async function onNats<T>(natsUrl: string, work: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: natsUrl });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
