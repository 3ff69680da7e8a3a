import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { jsonObject, readInput } from '../read-input.js';
import type { CommandContext } from './context.js';

export interface SourceRow {
  readonly tariffId: string;
  readonly kind: string;
  readonly name: string;
  readonly settings: unknown;
  readonly curve: { readonly source: string; readonly area: string } | null;
  readonly fallbackTariffId: string | null;
  readonly baseTariffId: string | null;
  readonly plan: string | null;
  readonly madeAt: string | null;
  readonly failure: string | null;
}

export interface SourcePreviewView {
  readonly currency: string;
  readonly schedule: readonly {
    readonly from: string;
    readonly to: string;
    readonly energyPricePerKwh: string;
  }[];
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  readonly note: string;
  readonly findings: readonly {
    readonly country: string;
    readonly severity: string;
    readonly reason: string;
  }[];
}

const USAGE = 'kw sources list | preview FILE.json | set FILE.json | remove TARIFF';
const ROW =
  'tariffId kind name settings curve { source area } fallbackTariffId baseTariffId plan madeAt failure';

/** `kw sources`: what versions of tariffs are made from. */
export async function sources(
  [action = 'list', name]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (action === 'list') return list(context);
  if (!name) throw wrongInput(USAGE);
  switch (action) {
    case 'preview':
      return preview(name, context);
    case 'set':
      return set(name, context);
    case 'remove':
      return remove(name, context);
    default:
      throw wrongInput(USAGE);
  }
}

/** The first 100 by id of the tariff. */
async function list({ client, output }: CommandContext): Promise<number> {
  const { tariffSources } = await client.request<{ tariffSources: { edges: { node: SourceRow }[] } }>(
    `{ tariffSources(first: 100) { edges { node { ${ROW} } } } }`,
  );
  const rows = tariffSources.edges.map(({ node }) => node);
  output.show(rows, () => sourcesText(rows));
  return 0;
}

/** The file holds a SetTariffSourceInput: tariffId, name, and spot, steps or discount with what belongs to it. */
async function preview(file: string, { client, output }: CommandContext): Promise<number> {
  const { previewTariffSource } = await client.request<{ previewTariffSource: SourcePreviewView }>(
    `query($input: SetTariffSourceInput!) { previewTariffSource(input: $input) { currency note
      schedule { from to energyPricePerKwh } gaps { from to } findings { country severity reason } } }`,
    { input: jsonObject(readInput(file), file) },
  );
  output.show(previewTariffSource, () => sourcePreviewText(previewTariffSource));
  return 0;
}

async function set(file: string, { client, output }: CommandContext): Promise<number> {
  const { setTariffSource } = await client.request<{ setTariffSource: { source: SourceRow } }>(
    `mutation($input: SetTariffSourceInput!) { setTariffSource(input: $input) { source { ${ROW} } } }`,
    { input: jsonObject(readInput(file), file) },
  );
  const { source } = setTariffSource;
  output.show(source, () => `versions of ${source.tariffId} are made; kw sources list says how that went`);
  return 0;
}

async function remove(tariffId: string, { client, output }: CommandContext): Promise<number> {
  await client.request(
    'mutation($input: RemoveTariffSourceInput!) { removeTariffSource(input: $input) { removed } }',
    { input: { tariffId } },
  );
  output.show(
    { removed: tariffId },
    () => `no more versions of ${tariffId} are made; the last one stays valid`,
  );
  return 0;
}

export function sourcesText(rows: readonly SourceRow[]): string {
  if (rows.length === 0) return 'no tariff is made: kw sources set FILE.json';
  return table(
    ['tariff', 'from', 'rule', 'else', 'state', 'looked at'],
    rows.map((row) => [
      row.tariffId,
      row.curve ? `${row.curve.source} ${row.curve.area}` : `${row.baseTariffId} for ${row.plan}`,
      JSON.stringify(row.settings),
      row.fallbackTariffId ?? '-',
      row.failure ?? (row.madeAt === null ? 'being made' : 'made'),
      row.madeAt ?? '-',
    ]),
  );
}

export function sourcePreviewText({ currency, schedule, gaps, note, findings }: SourcePreviewView): string {
  return [
    table(
      ['from', 'to', `${currency}/kWh with VAT`],
      schedule.map(({ from, to, energyPricePerKwh }) => [from, to, energyPricePerKwh]),
    ),
    ...gaps.map(({ from, to }) => `the fallback counts from ${from} to ${to}`),
    ...findings.map(({ country, severity, reason }) => `${severity.toLowerCase()} in ${country}: ${reason}`),
    note,
  ].join('\n');
}
