import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, NatsLink, within, type Logger } from '@kilowatch/platform';
import type { Msg, Subscription } from '@nats-io/transport-node';

/** Called with the id in the message; undefined after a gap in which messages may have been missed. */
export type LiveListener = (id: string | undefined) => void;

interface Watched {
  readonly listeners: Set<LiveListener>;
  subscription: Subscription | undefined;
}

/** A subscription of a broken connection never gets its flush answered: nobody waits for longer. */
const ACTIVE_WITHIN_MS = 500;

/**
 * Live messages by subject: one NATS subscription each, however many listen. Best effort, as live messages are; when
 * the connection comes back every listener hears of the gap.
 */
@Injectable()
export class LiveFeed {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly nats: NatsLink,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    nats.onReconnect(() => this.tellAllOfGap());
    // NATS may come up after us: what is watched by then is opened, and its start was a gap.
    nats.ready().then(
      () => {
        for (const [subject, watched] of this.watched) this.open(subject, watched);
        this.tellAllOfGap();
      },
      () => undefined, // closed before it ever came up
    );
  }

  /** Resolves when messages are sure to arrive, or cannot now. Stop by calling what it resolves to. */
  async watch(subject: string, listener: LiveListener): Promise<() => void> {
    let watched = this.watched.get(subject);
    if (!watched) {
      watched = { listeners: new Set(), subscription: undefined };
      this.watched.set(subject, watched);
    }
    watched.listeners.add(listener);
    this.open(subject, watched);
    await this.active();
    return () => this.unwatch(subject, listener);
  }

  /** Subjects watched now. */
  get size(): number {
    return this.watched.size;
  }

  private unwatch(subject: string, listener: LiveListener): void {
    const watched = this.watched.get(subject);
    if (!watched?.listeners.delete(listener) || watched.listeners.size > 0) return;
    this.watched.delete(subject);
    watched.subscription?.unsubscribe();
  }

  private open(subject: string, watched: Watched): void {
    if (watched.subscription || !this.nats.connected) return;
    watched.subscription = this.nats.now().subscribe(subject, {
      callback: (err, message) => {
        if (!err) this.deliver(subject, watched, message);
      },
    });
  }

  private deliver(subject: string, { listeners }: Watched, message: Msg): void {
    const id = idOf(message);
    if (id === undefined) {
      this.log.warn({ subject }, 'live message without an id');
      return;
    }
    for (const listener of [...listeners]) listener(id);
  }

  private async active(): Promise<void> {
    if (!this.nats.connected) return;
    const flushed = this.nats
      .now()
      .flush()
      .catch(() => undefined);
    await within(flushed, ACTIVE_WITHIN_MS, () => undefined);
  }

  private tellAllOfGap(): void {
    for (const { listeners } of this.watched.values()) {
      for (const listener of [...listeners]) listener(undefined);
    }
  }
}

function idOf(message: Msg): string | undefined {
  try {
    const { id } = message.json<{ id?: unknown }>();
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
