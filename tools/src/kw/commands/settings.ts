import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface SettingRow {
  readonly component: string | null;
  readonly componentInstance: string | null;
  readonly evseNumber: number | null;
  readonly connectorNumber: number | null;
  readonly variable: string;
  readonly instance: string | null;
  readonly value: string | null;
  readonly access: string | null;
  readonly unit: string | null;
  readonly wanted: {
    readonly value: string | null;
    readonly secret: boolean;
    readonly source: string;
    readonly outcome: string;
    readonly status: string | null;
    readonly standing: string;
  } | null;
}

export interface SettingOptions {
  readonly drift: boolean;
  readonly search: string | undefined;
}

const ROW = `component componentInstance evseNumber connectorNumber variable instance value access unit
  wanted { value secret source outcome status standing }`;
const LIST = `query($id: ID!, $after: String, $search: String, $drift: Boolean) { station(id: $id) {
  settings(first: 100, after: $after, search: $search, driftOnly: $drift) {
    edges { node { ${ROW} } } pageInfo { hasNextPage endCursor } } } }`;
const SET = `mutation($input: SetStationSettingsInput!) { setStationSettings(input: $input) { settings { ${ROW} } } }`;

interface Page {
  station: {
    settings: {
      edges: { node: SettingRow }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
}

/** `kw settings STATION`: all of them, page by page. */
export async function listSettings(
  [station]: readonly string[],
  { client, output }: CommandContext,
  { drift, search }: SettingOptions,
): Promise<number> {
  if (!station) throw wrongInput('which station? kw settings STATION [--drift] [--search TEXT]');
  const id = await findStation(client, station);
  const rows: SettingRow[] = [];
  for (let after: string | null = null; ;) {
    const variables: Record<string, unknown> = { id, after, drift, search: search ?? null };
    const { settings }: Page['station'] = (await client.request<Page>(LIST, variables)).station;
    rows.push(...settings.edges.map(({ node }) => node));
    if (!settings.pageInfo.hasNextPage) break;
    after = settings.pageInfo.endCursor;
  }
  output.show(rows, () => settingsText(rows, drift));
  return 0;
}

/** `kw set STATION NAME VALUE`: exit 0 when the station took it, now or after a reboot. */
export async function setSetting(
  [station, name, value]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!station || !name || value === undefined) throw wrongInput('what? kw set STATION NAME VALUE');
  const stationId = await findStation(client, station);
  const { setStationSettings } = await client.request<{ setStationSettings: { settings: SettingRow[] } }>(
    SET,
    {
      input: { stationId, settings: [{ name, value }] },
    },
  );
  const { settings } = setStationSettings;
  output.show(settings[0] ?? null, () => settings.map((row) => outcomeText(row)).join('\n'));
  const outcome = settings[0]?.wanted?.outcome;
  return outcome === 'ACCEPTED' || outcome === 'REBOOT_REQUIRED' ? 0 : 1;
}

export function settingsText(rows: readonly SettingRow[], drift: boolean): string {
  if (rows.length === 0) return drift ? 'all settings are as wanted' : 'no settings are known';
  return table(
    ['setting', 'value', 'access', 'wanted', 'standing'],
    rows.map((row) => [
      nameText(row),
      [row.value ?? '-', row.unit ?? ''].join(' ').trim(),
      row.access?.toLowerCase().replaceAll('_', ' ') ?? '-',
      row.wanted ? wantedText(row.wanted) : '-',
      row.wanted ? standingText(row.wanted) : '',
    ]),
  );
}

/** `Connector[main](1.2).Available[x]`: EVSE 1, connector 2. */
export function nameText(row: SettingRow): string {
  const bracketed = (name: string, instance: string | null) => (instance ? `${name}[${instance}]` : name);
  const variable = bracketed(row.variable, row.instance);
  if (row.component === null) return variable;
  const place = [row.evseNumber, row.connectorNumber].filter((number) => number !== null).join('.');
  return `${bracketed(row.component, row.componentInstance)}${place ? `(${place})` : ''}.${variable}`;
}

function wantedText({ value, secret, source }: NonNullable<SettingRow['wanted']>): string {
  const text = secret ? '(secret)' : (value ?? '');
  return source === 'DEFAULT' ? `${text} (default)` : text;
}

function standingText({ standing, outcome, status }: NonNullable<SettingRow['wanted']>): string {
  const words = [standing.toLowerCase().replaceAll('_', ' ')];
  if (standing !== 'IN_STEP') words.push([outcome, status].filter((part) => part).join(' '));
  return words.join(': ');
}

function outcomeText(row: SettingRow): string {
  const { wanted } = row;
  return [nameText(row), wanted?.outcome, wanted?.status].filter((part) => part).join('  ');
}
