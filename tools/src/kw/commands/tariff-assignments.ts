import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { timeOf } from '../time-of.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface AssignmentRow {
  readonly id: string;
  readonly scope: string;
  readonly ref: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly tariff: { readonly id: string };
}

const ROW = 'id scope ref validFrom validUntil tariff { id }';
const USAGE =
  'kw assignments list | add TARIFF station STATION [FROM] [UNTIL] | add TARIFF token|driver|location|group ID [FROM] [UNTIL] | end ID [TIME]';

/** `kw assignments list|add|end`: which tariff is for whom and where. */
export async function assignments(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (action === 'list') return list(context);
  if (action === 'add') return add(context, args);
  if (action === 'end') return end(context, args);
  throw wrongInput(USAGE);
}

/** The latest 100. */
async function list({ client, output }: CommandContext): Promise<number> {
  const { tariffAssignments } = await client.request<{
    tariffAssignments: { edges: { node: AssignmentRow }[] };
  }>(`query { tariffAssignments(first: 100) { edges { node { ${ROW} } } } }`);
  const rows = tariffAssignments.edges.map(({ node }) => node);
  output.show(rows, () => assignmentsText(rows));
  return 0;
}

async function add(
  { client, output }: CommandContext,
  [tariffId, scope = '', name, from, until]: readonly string[],
): Promise<number> {
  if (
    !tariffId ||
    !name ||
    !['station', 'token', 'driver', 'location', 'group'].includes(scope.toLowerCase())
  )
    throw wrongInput(USAGE);
  const ref = scope.toLowerCase() === 'station' ? await findStation(client, name) : name;
  const input = {
    tariffId,
    scope: scope.toUpperCase(),
    ref,
    ...(from === undefined ? {} : { validFrom: timeOf(from) }),
    ...(until === undefined ? {} : { validUntil: timeOf(until) }),
  };
  const { assignTariff } = await client.request<{ assignTariff: { assignment: AssignmentRow } }>(
    `mutation($input: AssignTariffInput!) { assignTariff(input: $input) { assignment { ${ROW} } } }`,
    { input },
  );
  output.show(assignTariff.assignment, () => assignmentsText([assignTariff.assignment]));
  return 0;
}

async function end({ client, output }: CommandContext, [id, until]: readonly string[]): Promise<number> {
  if (!id) throw wrongInput(USAGE);
  const { endTariffAssignment } = await client.request<{
    endTariffAssignment: { assignment: AssignmentRow };
  }>(
    `mutation($input: EndTariffAssignmentInput!) { endTariffAssignment(input: $input) { assignment { ${ROW} } } }`,
    { input: { id, ...(until === undefined ? {} : { until: timeOf(until) }) } },
  );
  output.show(endTariffAssignment.assignment, () => assignmentsText([endTariffAssignment.assignment]));
  return 0;
}

export function assignmentsText(rows: readonly AssignmentRow[]): string {
  if (rows.length === 0) return 'nothing is assigned: every session is under the default tariff';
  return table(
    ['id', 'tariff', 'of', 'which', 'from', 'until'],
    rows.map((row) => [
      row.id,
      row.tariff.id,
      row.scope.toLowerCase(),
      row.ref,
      row.validFrom,
      row.validUntil ?? '-',
    ]),
  );
}
