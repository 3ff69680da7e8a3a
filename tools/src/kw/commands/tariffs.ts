import { wrongInput } from '../kw-error.js';
import { jsonObject, readInput } from '../read-input.js';
import type { Command } from './context.js';

/** `kw tariffs apply FILE.json`: the file holds an ApplyTariffInput (id, name, currency, isDefault, idleGraceMinutes, definition). */
export const applyTariff: Command = async ([file], { client, output }) => {
  if (!file)
    throw wrongInput('which file? JSON with id, name, currency, isDefault, idleGraceMinutes, definition');
  const input = jsonObject(readInput(file), file);
  const { applyTariff: result } = await client.request<{
    applyTariff: { changed: boolean; tariff: { id: string; version: number; summary: string[] } };
  }>(
    `mutation($input: ApplyTariffInput!) { applyTariff(input: $input) { changed tariff { id version summary } } }`,
    {
      input,
    },
  );
  output.show(result, () =>
    [
      `${result.tariff.id} version ${result.tariff.version}${result.changed ? '' : ' (unchanged)'}`,
      ...result.tariff.summary.map((line) => `  ${line}`),
    ].join('\n'),
  );
  return 0;
};
