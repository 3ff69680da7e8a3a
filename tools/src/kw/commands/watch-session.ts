import type { GraphqlClient } from '../../client/graphql-client.js';
import { untilInterrupted } from '../../system/interruption.js';
import { KwError, wrongInput } from '../kw-error.js';
import type { Command } from './context.js';
import { costText, kwhText, SESSION_ROW, stateText, type SessionRow } from './session-row.js';

/** An end that is not billed yet is asked after as well: live messages are best effort. */
const LOOK_MS = 5_000;

/** Prints each change until the session is over and its bill is settled, or until Ctrl-C. */
export const watchSession: Command = async ([id], { client, output, signal }) => {
  if (!id) throw wrongInput('which session? kw sessions watch ID');
  const watch = new SessionWatch(client, id, (session) => output.next(session, () => lineOf(session)));
  try {
    await Promise.race([watch.over, untilInterrupted(signal)]);
  } finally {
    watch.stop();
    await client.close();
  }
  return 0;
};

/** One session as it changes. */
export class SessionWatch {
  /** Resolves when nothing more will happen; rejects when nothing more can be seen. */
  readonly over: Promise<void>;
  private settled: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: Pick<GraphqlClient, 'subscribe' | 'request'>,
    private readonly id: string,
    private readonly show: (session: SessionRow) => void,
    private readonly lookMs = LOOK_MS,
  ) {
    this.over = new Promise((resolve, reject) => {
      this.settled = resolve;
      this.unsubscribe = client.subscribe<{ sessionUpdated: SessionRow | null }>(
        `subscription($id: ID!) { sessionUpdated(id: $id) { ${SESSION_ROW} } }`,
        { id },
        ({ sessionUpdated }) => this.changed(sessionUpdated),
        (failure) => reject(failure ?? new KwError('UNAVAILABLE', 'the server tells no more of the session')),
      );
    });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.unsubscribe();
  }

  private changed(session: SessionRow | null): void {
    // A service is away for a moment: the next change brings the session again.
    if (!session) return;
    this.show(session);
    if (isSettled(session)) this.settled();
    else if (session.state === 'ENDED') this.lookLater();
  }

  private lookLater(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), this.lookMs);
  }

  private async look(): Promise<void> {
    const query = `query($id: ID!) { session(id: $id) { ${SESSION_ROW} } }`;
    const session = await this.client
      .request<{ session: SessionRow | null }>(query, { id: this.id })
      .then((data) => data.session)
      .catch(() => null);
    if (session && isSettled(session)) this.changed(session);
    else this.lookLater();
  }
}

/** Over, and billed as far as it ever will be by itself. Roaming and free sessions have a cost and no invoice. */
export function isSettled({ state, cost, billingHold }: SessionRow): boolean {
  return state === 'ENDED' && (cost?.final === true || billingHold !== null);
}

function lineOf(session: SessionRow): string {
  const power = session.livePowerW === null ? '-' : `${session.livePowerW} W`;
  const figures = `${stateText(session).padEnd(13)} ${power.padStart(8)}  ${kwhText(session)} kWh  ${costText(session)}`;
  return isSettled(session) ? `${figures}  ${billText(session)}` : figures;
}

function billText({ invoice, billingHold }: SessionRow): string {
  if (invoice) return `invoice ${invoice.number} ${invoice.status}`;
  return billingHold === null ? 'no invoice' : `not billed: ${billingHold}`;
}
