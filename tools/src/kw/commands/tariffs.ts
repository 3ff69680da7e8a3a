import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { jsonObject, readInput } from '../read-input.js';
import { timeOf } from '../time-of.js';
import type { CommandContext } from './context.js';
import { previewTariff } from './tariff-preview.js';

export interface TariffRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly currency: string;
  readonly isDefault: boolean;
  readonly validFrom: string;
}

export interface TariffVersionRow {
  readonly version: number;
  readonly state: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly changes: readonly string[];
  readonly note: string;
}

const USAGE =
  'kw tariffs list | history TARIFF | withdraw TARIFF VERSION | apply FILE.json [--from TIME] | preview FILE.json [DAYS]';
const ROW = 'id name version currency isDefault validFrom';
const VERSION = 'version state validFrom validUntil publishedAt publishedBy changes note';

/** `kw tariffs`: what charging costs, since when, from when, and who said so. */
export async function tariffs(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
  options: { readonly from: string | undefined },
): Promise<number> {
  switch (action) {
    case 'list':
      return list(context);
    case 'history':
      return history(args, context);
    case 'withdraw':
      return withdraw(args, context);
    case 'apply':
      return apply(args, context, options.from);
    case 'preview':
      return previewTariff(args, context);
    default:
      throw wrongInput(USAGE);
  }
}

/** The first 100 by id. */
async function list({ client, output }: CommandContext): Promise<number> {
  const { tariffs: found } = await client.request<{
    tariffs: { totalCount: number; edges: { node: TariffRow }[] };
  }>(`{ tariffs(first: 100) { totalCount edges { node { ${ROW} } } } }`);
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => tariffsText(rows, found.totalCount));
  return 0;
}

/** The latest 50 versions. */
async function history([id]: readonly string[], { client, output }: CommandContext): Promise<number> {
  if (!id) throw wrongInput(USAGE);
  const { tariffVersions } = await client.request<{
    tariffVersions: { edges: { node: TariffVersionRow }[] };
  }>(`query($id: ID!) { tariffVersions(tariffId: $id, first: 50) { edges { node { ${VERSION} } } } }`, {
    id,
  });
  const rows = tariffVersions.edges.map(({ node }) => node);
  output.show(rows, () => historyText(rows));
  return 0;
}

async function withdraw(
  [id, version]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!id || !/^\d{1,9}$/.test(version ?? '')) throw wrongInput(USAGE);
  const { withdrawTariffVersion } = await client.request<{
    withdrawTariffVersion: { version: TariffVersionRow };
  }>(
    `mutation($input: WithdrawTariffVersionInput!) { withdrawTariffVersion(input: $input) { version { ${VERSION} } } }`,
    { input: { tariffId: id, version: Number(version) } },
  );
  output.show(withdrawTariffVersion.version, () => historyText([withdrawTariffVersion.version]));
  return 0;
}

/** The file holds an ApplyTariffInput: id, name, currency, isDefault, idleGraceMinutes, definition. */
async function apply(
  [file]: readonly string[],
  { client, output }: CommandContext,
  from: string | undefined,
): Promise<number> {
  if (!file)
    throw wrongInput('which file? JSON with id, name, currency, isDefault, idleGraceMinutes, definition');
  const input = {
    ...jsonObject(readInput(file), file),
    ...(from === undefined ? {} : { validFrom: timeOf(from) }),
  };
  const { applyTariff: result } = await client.request<{
    applyTariff: {
      changed: boolean;
      version: number;
      validFrom: string;
      tariff: { id: string; version: number; summary: string[] };
    };
  }>(
    `mutation($input: ApplyTariffInput!) { applyTariff(input: $input) { changed version validFrom tariff { id version summary } } }`,
    { input },
  );
  const { tariff, version, validFrom, changed } = result;
  output.show(result, () =>
    Date.parse(validFrom) > Date.now()
      ? `${tariff.id} version ${version} from ${validFrom}${changed ? '' : ' (unchanged)'}`
      : [
          `${tariff.id} version ${tariff.version}${changed ? '' : ' (unchanged)'}`,
          ...tariff.summary.map((line) => `  ${line}`),
        ].join('\n'),
  );
  return 0;
}

export function tariffsText(rows: readonly TariffRow[], total: number): string {
  if (rows.length === 0) return 'there is no tariff yet';
  return table(
    ['id', 'name', 'version', 'currency', 'valid from', ''],
    rows.map((row) => [
      row.id,
      row.name,
      String(row.version),
      row.currency,
      row.validFrom,
      row.isDefault ? 'default' : '',
    ]),
    total,
  );
}

export function historyText(rows: readonly TariffVersionRow[]): string {
  if (rows.length === 0) return 'there is no such tariff, or nothing was published of it';
  return rows
    .map((row) =>
      [
        `version ${row.version}  ${row.state.toLowerCase()}  from ${row.validFrom}${row.validUntil ? ` until ${row.validUntil}` : ''}`,
        `  published ${row.publishedAt} by ${row.publishedBy || 'somebody before this was kept'}`,
        ...(row.note ? [`  ${row.note}`] : []),
        ...row.changes.map((change) => `  - ${change}`),
      ].join('\n'),
    )
    .join('\n');
}
