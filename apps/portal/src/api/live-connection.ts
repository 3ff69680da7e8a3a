export type LiveStatus = 'connecting' | 'live' | 'reconnecting';

/** A blink of the socket is not news. */
const PATIENCE_MS = 1_500;

/** Whether figures arrive by themselves. Fed by the socket's events, read by the mark in the header and by polling. */
export class LiveConnection {
  private status: LiveStatus = 'connecting';
  private wasLive = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  /** `onReturn` runs when the socket is back: what happened meanwhile was missed. */
  constructor(private readonly onReturn: () => void) {}

  readonly snapshot = (): LiveStatus => this.status;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  connected(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.move('live');
    if (this.wasLive) this.onReturn();
    this.wasLive = true;
  }

  lost(): void {
    this.timer ??= setTimeout(() => this.move('reconnecting'), PATIENCE_MS);
  }

  /** The socket was closed on purpose. */
  reset(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wasLive = false;
    this.move('connecting');
  }

  private move(status: LiveStatus): void {
    if (status === this.status) return;
    this.status = status;
    for (const listener of this.listeners) listener();
  }
}
