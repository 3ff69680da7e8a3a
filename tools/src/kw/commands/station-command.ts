import { wrongInput } from '../kw-error.js';
import { jsonObject } from '../read-input.js';
import { COMMAND_RESULT, resultText, type CommandResult } from './command-result.js';
import type { Command } from './context.js';
import { findStation } from './find-station.js';

/** `kw command STATION ACTION JSON`: exit 0 only when the charger accepted. */
export const stationCommand: Command = async ([station, action, json], { client, output }) => {
  if (!station || !action) throw wrongInput('which? kw command STATION ACTION \'{"..."}\'');
  const payload = jsonObject(json ?? '{}', 'the payload');
  const stationId = await findStation(client, station);
  const { sendCommand } = await client.request<{
    sendCommand: CommandResult & { readonly payload: unknown };
  }>(`mutation($input: SendCommandInput!) { sendCommand(input: $input) { ${COMMAND_RESULT} payload } }`, {
    input: { stationId, action, payload },
  });
  output.show(sendCommand, () => resultText(sendCommand));
  return sendCommand.outcome === 'ACCEPTED' ? 0 : 1;
};
