import type { Logger, NatsLink } from '@kilowatch/platform';
import { parseTakeover, takeoverSubject, type Takeover } from '../../usecases/gateway-subjects.js';

/**
 * Tells other processes that their socket of a station has been replaced. Best effort: one that misses the notice finds out by the
 * generation when it next notes who was seen.
 */
export class TakeoverNotices {
  constructor(
    private readonly nats: NatsLink,
    private readonly bootId: string,
    private readonly log: Logger,
  ) {}

  tell(bootId: string, takeover: Takeover): void {
    if (!this.nats.connected) return;
    this.nats.now().publish(takeoverSubject(bootId), JSON.stringify(takeover));
  }

  listen(onTakeover: (takeover: Takeover) => void): void {
    this.nats.ready().then(
      (connection) => {
        connection.subscribe(takeoverSubject(this.bootId), {
          callback: (error, message) => {
            const takeover = error ? undefined : parseTakeover(message.string());
            if (takeover) onTakeover(takeover);
          },
        });
      },
      (err: unknown) => this.log.debug({ err }, 'takeover notices not heard'),
    );
  }
}
