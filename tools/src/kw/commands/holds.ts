import { randomUUID } from 'node:crypto';
import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';

export interface HeldRow {
  readonly session: { readonly id: string; readonly station: { readonly identity: string } };
  readonly reason: string;
  readonly heldAt: string;
  readonly energyWh: number | null;
  readonly doubts: readonly string[];
  readonly signedVerdict: string | null;
  readonly signedReasons: readonly string[];
}

const ROW = 'session { id station { identity } } reason heldAt energyWh doubts signedVerdict signedReasons';
const USAGE = 'kw holds [list | measured SESSION REASON | energy SESSION WH REASON | waive SESSION REASON]';
const CHOICES: Readonly<Record<string, string>> = {
  measured: 'BILL_AS_MEASURED',
  energy: 'BILL_ENERGY',
  waive: 'WAIVE',
};

/** `kw holds`: sessions whose bill waits for a person, the longest first, and what to do with one. The driver reads the reason. */
export async function holds(
  [verb = 'list', sessionId, ...rest]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (verb === 'list') {
    const { heldSessions: held } = await client.request<{
      heldSessions: { totalCount: number; edges: { node: HeldRow }[] };
    }>(`{ heldSessions(first: 50) { totalCount edges { node { ${ROW} } } } }`);
    const rows = held.edges.map(({ node }) => node);
    output.show(rows, () => holdsText(rows, held.totalCount));
    return 0;
  }
  const decision = CHOICES[verb];
  const energyWh = decision === 'BILL_ENERGY' ? wattHours(rest.shift(), USAGE) : undefined;
  const reason = rest.join(' ');
  if (!decision || !sessionId || reason === '') throw wrongInput(USAGE);
  const input = { sessionId, decision, energyWh, reason, idempotencyKey: randomUUID() };
  const { decideHold } = await client.request<{
    decideHold: { session: { id: string; invoice: { number: string } | null } };
  }>(
    'mutation($input: DecideHoldInput!) { decideHold(input: $input) { session { id invoice { number } } } }',
    { input },
  );
  const { id, invoice } = decideHold.session;
  output.show({ session: id, invoice: invoice?.number ?? null }, () =>
    invoice ? `${id}: invoice ${invoice.number}` : `${id}: decided, nothing is charged`,
  );
  return 0;
}

/** A number of Wh from the command line, not below 0. */
export function wattHours(text: string | undefined, usage: string): number {
  const wh = Number(text?.trim() || 'nothing');
  if (!Number.isFinite(wh) || wh < 0) throw wrongInput(`WH is a number of watt-hours: ${usage}`);
  return wh;
}

export function holdsText(rows: readonly HeldRow[], total: number): string {
  if (rows.length === 0) return 'no bill waits';
  return table(
    ['session', 'station', 'since', 'Wh', 'why'],
    rows.map(({ session, heldAt, energyWh, reason, doubts, signedVerdict, signedReasons }) => [
      session.id,
      session.station.identity,
      heldAt,
      energyWh === null ? '-' : String(energyWh),
      reason === 'NO_TARIFF'
        ? 'no tariff: apply one'
        : [...doubts, ...(signedVerdict === 'FAILED' ? ['signatures failed', ...signedReasons] : [])].join(
            ', ',
          ),
    ]),
    total,
  );
}
