import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface RecoveryRow {
  readonly connectorId: string;
  readonly trouble: string;
  readonly state: string;
  readonly foundAt: string;
  readonly tries: readonly { readonly step: string; readonly outcome: string | null }[];
}

const ROW = 'connectorId trouble state foundAt tries { step outcome }';

/** `kw recoveries STATION`: connectors that misbehaved without a session, latest first. */
export async function recoveries(
  [station]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!station) throw wrongInput('which station? kw recoveries STATION');
  const { station: found } = await client.request<{
    station: { recoveries: { edges: { node: RecoveryRow }[] } };
  }>(`query($id: ID!) { station(id: $id) { recoveries(first: 20) { edges { node { ${ROW} } } } } }`, {
    id: await findStation(client, station),
  });
  const rows = found.recoveries.edges.map(({ node }) => node);
  output.show(rows, () => recoveriesText(rows));
  return 0;
}

export function recoveriesText(rows: readonly RecoveryRow[]): string {
  if (rows.length === 0) return 'no connector needed help';
  return table(
    ['connector', 'found', 'trouble', 'state', 'tried'],
    rows.map(({ connectorId, foundAt, trouble, state, tries }) => [
      connectorId,
      foundAt,
      words(trouble),
      state === 'PERSON' ? 'needs a person' : words(state),
      tries.map(({ step, outcome }) => `${words(step)}: ${words(outcome ?? 'under way')}`).join(', ') || '-',
    ]),
  );
}

function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}
