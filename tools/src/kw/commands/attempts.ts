import type { GraphqlClient } from '../../client/graphql-client.js';
import { untilInterrupted } from '../../system/interruption.js';
import { KwError } from '../kw-error.js';
import type { Command } from './context.js';

export interface IncidentRow {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly status: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  readonly tokenMasked: string | null;
  readonly identity: string | null;
  readonly address: string | null;
  readonly station: { readonly identity: string } | null;
  readonly suggestedAction: string;
  readonly closeReason: string | null;
}

const ROW =
  'id rule severity status firstSeen lastSeen count tokenMasked identity address station { identity } suggestedAction closeReason';
const PAGE = 100;

/** Prints what is open, the oldest first, and then each change, until Ctrl-C. */
export const watchAttempts: Command = async (_args, { client, output, signal }) => {
  const watch = new AttemptWatch(client, (incident) => output.next(incident, () => incidentText(incident)));
  try {
    await Promise.race([watch.run(), untilInterrupted(signal)]);
  } finally {
    watch.stop();
    await client.close();
  }
  return 0;
};

/**
 * Listens first and lists then, so that nothing falls between: what changed while it was listed comes after the list, and what the
 * list said already is not said again.
 */
export class AttemptWatch {
  private unsubscribe: () => void = () => undefined;
  private readonly shown = new Map<string, string>();
  private early: IncidentRow[] | undefined = [];

  constructor(
    private readonly client: Pick<GraphqlClient, 'subscribe' | 'request'>,
    private readonly show: (incident: IncidentRow) => void,
  ) {}

  /** Ends only by failing: when the server refuses, or tells no more. */
  async run(): Promise<never> {
    const over = new Promise<never>((_resolve, reject) => {
      this.unsubscribe = this.client.subscribe<{ incidentChanged: IncidentRow | null }>(
        `subscription { incidentChanged { ${ROW} } }`,
        {},
        ({ incidentChanged }) => this.changed(incidentChanged),
        (failure) => reject(failure ?? new KwError('UNAVAILABLE', 'the server tells no more of attempts')),
      );
    });
    await Promise.race([this.list(), over]);
    return over;
  }

  stop(): void {
    this.unsubscribe();
  }

  private async list(): Promise<void> {
    const open: IncidentRow[] = [];
    let after: string | null = null;
    do {
      const { incidents }: { incidents: IncidentPage } = await this.client.request<{
        incidents: IncidentPage;
      }>(
        `query($first: Int!, $after: String) { incidents(first: $first, after: $after, filter: { status: OPEN }) {
          edges { node { ${ROW} } } pageInfo { hasNextPage endCursor } } }`,
        { first: PAGE, after },
      );
      open.push(...incidents.edges.map(({ node }) => node));
      after = incidents.pageInfo.hasNextPage ? incidents.pageInfo.endCursor : null;
    } while (after !== null);
    const early = this.early ?? [];
    this.early = undefined;
    for (const incident of [...open.reverse(), ...early]) this.changed(incident);
  }

  private changed(incident: IncidentRow | null): void {
    // A service is away for a moment: the next change brings it again.
    if (!incident) return;
    if (this.early) {
      this.early.push(incident);
      return;
    }
    const state = `${incident.status} ${incident.severity} ${incident.count}`;
    if (this.shown.get(incident.id) === state) return;
    this.shown.set(incident.id, state);
    this.show(incident);
  }
}

interface IncidentPage {
  readonly edges: readonly { readonly node: IncidentRow }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export function incidentText(incident: IncidentRow): string {
  const { rule, severity, status, lastSeen, count, id, suggestedAction, closeReason } = incident;
  const state = status === 'OPEN' ? severity.toLowerCase() : `closed (${words(closeReason ?? '')})`;
  const line = [lastSeen, state.padEnd(8), words(rule), aboutText(incident), `${count} seen`, id].filter(
    Boolean,
  );
  return status === 'OPEN' ? `${line.join('  ')}\n    ${suggestedAction}` : line.join('  ');
}

function aboutText({ tokenMasked, identity, address, station }: IncidentRow): string {
  const who = tokenMasked ?? identity ?? '';
  const where = station?.identity ?? '';
  const at = where && where.toLowerCase() !== who.toLowerCase() ? `at ${where}` : '';
  return [who, at, address ? `from ${address}` : ''].filter(Boolean).join(' ');
}

function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}
