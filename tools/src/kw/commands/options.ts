import { wrongInput } from '../kw-error.js';
import type { CommandContext } from './context.js';
import { findStation } from './find-station.js';

export interface StationOptionsView {
  readonly costDisplay: string;
  readonly showsCosts: boolean;
  readonly costCurrency: string | null;
  readonly remoteStartTag: string | null;
  readonly subprotocols: readonly string[];
  readonly pinged: boolean | null;
}

const OPTIONS = 'options { costDisplay showsCosts costCurrency remoteStartTag subprotocols pinged }';
const USAGE =
  'kw options STATION [costs=auto|on|off] [tag=TAG] [subprotocols=ocpp1.6,ocpp2.0.1] [pings=on|off]';

/** `kw options STATION [NAME=VALUE ...]`: what is left to choose for one station; an empty value is the default. */
export async function stationOptions(
  [station, ...assignments]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!station) throw wrongInput(USAGE);
  const wanted = wantedOptions(assignments);
  const stationId = await findStation(client, station);
  if (assignments.length > 0) {
    await client.request(
      'mutation($input: SetStationOptionsInput!) { setStationOptions(input: $input) { station { id } } }',
      { input: { stationId, ...wanted } },
    );
  }
  const { station: found } = await client.request<{ station: { options: StationOptionsView } }>(
    `query($id: ID!) { station(id: $id) { ${OPTIONS} } }`,
    { id: stationId },
  );
  output.show(found.options, () => optionsText(found.options));
  return 0;
}

export function wantedOptions(assignments: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    assignments.map((assignment): [string, unknown] => {
      const at = assignment.indexOf('=');
      const value = assignment.slice(at + 1);
      switch (at < 0 ? '' : assignment.slice(0, at)) {
        case 'costs':
          return ['costDisplay', value === '' ? null : value.toUpperCase()];
        case 'tag':
          return ['remoteStartTag', value === '' ? null : value];
        case 'subprotocols':
          return ['subprotocols', value === '' ? [] : value.split(',')];
        case 'pings':
          return ['pinged', onOrOff(value, assignment)];
        default:
          throw wrongInput(`${assignment} is no option: ${USAGE}`);
      }
    }),
  );
}

function onOrOff(value: string, assignment: string): boolean | null {
  if (value === '') return null;
  if (value !== 'on' && value !== 'off') throw wrongInput(`${assignment} is no option: ${USAGE}`);
  return value === 'on';
}

export function optionsText(options: StationOptionsView): string {
  const { costDisplay, showsCosts, costCurrency, remoteStartTag, subprotocols, pinged } = options;
  const shown = showsCosts ? `shown${costCurrency ? ` in ${costCurrency}` : ''}` : 'not shown';
  return [
    `costs         ${costDisplay.toLowerCase()} (${shown})`,
    `tag           ${remoteStartTag ?? '-'}`,
    `subprotocols  ${subprotocols.join(', ') || '-'}`,
    `pings         ${pinged === null ? '-' : pinged ? 'on' : 'off'}`,
  ].join('\n');
}
