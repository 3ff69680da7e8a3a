import { wrongInput } from '../kw-error.js';
import { jsonObject } from '../read-input.js';
import type { Command } from './context.js';
import { findStation } from './find-station.js';

interface Result {
  outcome: string;
  status: string | null;
  errorCode: string | null;
  errorDescription: string | null;
  payload: unknown;
}

/** `kw command STATION ACTION JSON`: exit 0 only when the charger accepted. */
export const stationCommand: Command = async ([station, action, json], { client, output }) => {
  if (!station || !action) throw wrongInput('which? kw command STATION ACTION \'{"..."}\'');
  const payload = jsonObject(json ?? '{}', 'the payload');
  const stationId = await findStation(client, station);
  const { sendCommand } = await client.request<{ sendCommand: Result }>(
    'mutation($input: SendCommandInput!) { sendCommand(input: $input) { outcome status errorCode errorDescription payload } }',
    { input: { stationId, action, payload } },
  );
  output.show(sendCommand, () =>
    [sendCommand.outcome, sendCommand.status, sendCommand.errorCode, sendCommand.errorDescription]
      .filter((part) => part)
      .join('  '),
  );
  return sendCommand.outcome === 'ACCEPTED' ? 0 : 1;
};
