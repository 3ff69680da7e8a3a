import { csvRows } from '../csv-rows.js';
import { portions, stationInput, STATION_COLUMNS, tokenInput, TOKEN_COLUMNS } from '../import-rows.js';
import { wrongInput } from '../kw-error.js';
import { readInput } from '../read-input.js';
import type { Command, CommandContext } from './context.js';

interface Result {
  created: number;
  updated: number;
  unchanged: number;
  problems: { index: number; code: string; message: string }[];
}

const FIELDS = 'created updated unchanged problems { index code message }';

export const importStations: Command = async ([file], context) =>
  run(file, STATION_COLUMNS, stationInput, context, (inputs) =>
    context.client
      .request<{ importStations: Result }>(
        `mutation($input: ImportStationsInput!) { importStations(input: $input) { ${FIELDS} } }`,
        { input: { stations: inputs } },
      )
      .then((data) => data.importStations),
  );

export const importTokens: Command = async ([file], context) =>
  run(file, TOKEN_COLUMNS, tokenInput, context, (inputs) =>
    context.client
      .request<{ importTokens: Result }>(
        `mutation($input: ImportTokensInput!) { importTokens(input: $input) { ${FIELDS} } }`,
        { input: { tokens: inputs } },
      )
      .then((data) => data.importTokens),
  );

async function run(
  file: string | undefined,
  columns: readonly string[],
  toInput: (row: Record<string, string>) => Record<string, unknown>,
  context: CommandContext,
  send: (inputs: Record<string, unknown>[]) => Promise<Result>,
): Promise<number> {
  if (!file) throw wrongInput(`which file? A CSV file with the columns ${columns.join(', ')}`);
  const inputs = csvRows(readInput(file), columns).map((row, index) => {
    try {
      return toInput(row);
    } catch (error) {
      throw wrongInput(`row ${index + 1}: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  const sum: Result = { created: 0, updated: 0, unchanged: 0, problems: [] };
  let before = 0;
  for (const portion of portions(inputs)) {
    const result = await send(portion);
    sum.created += result.created;
    sum.updated += result.updated;
    sum.unchanged += result.unchanged;
    for (const problem of result.problems) sum.problems.push({ ...problem, index: problem.index + before });
    before += portion.length;
    if (before < inputs.length) context.output.note(`${before} of ${inputs.length} rows`);
  }
  context.output.show(sum, () =>
    [
      `${sum.created} created, ${sum.updated} updated, ${sum.unchanged} unchanged, ${sum.problems.length} refused`,
      ...sum.problems.map((problem) => `  row ${problem.index + 1}: ${problem.message}`),
    ].join('\n'),
  );
  return sum.problems.length === 0 ? 0 : 1;
}
