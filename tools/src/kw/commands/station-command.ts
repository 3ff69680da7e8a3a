import type { Command } from './context.js';

interface Result {
  outcome: string;
  status: string | null;
  errorCode: string | null;
  errorDescription: string | null;
  payload: unknown;
}

/** `kw command STATION ACTION JSON`: exit 0 only when the charger accepted. */
export const stationCommand: Command = async ([station, action, json], { client, output }) => {
  if (!station || !action) throw new Error('which? kw command STATION ACTION \'{"..."}\'');
  let payload: unknown;
  try {
    payload = JSON.parse(json ?? '{}');
  } catch {
    throw new Error(`the payload is no JSON: ${json}`);
  }
  const { stations } = await client.request<{
    stations: { edges: { node: { id: string; identity: string } }[] };
  }>(
    'query($search: String!) { stations(first: 100, filter: { search: $search }) { edges { node { id identity } } } }',
    { search: station },
  );
  const found = stations.edges.find(({ node }) => node.identity.toLowerCase() === station.toLowerCase());
  if (!found) throw new Error(`there is no station ${station}`);
  const { sendCommand } = await client.request<{ sendCommand: Result }>(
    'mutation($input: SendCommandInput!) { sendCommand(input: $input) { outcome status errorCode errorDescription payload } }',
    { input: { stationId: found.node.id, action, payload } },
  );
  output.show(sendCommand, () =>
    [sendCommand.outcome, sendCommand.status, sendCommand.errorCode, sendCommand.errorDescription]
      .filter((part) => part)
      .join('  '),
  );
  return sendCommand.outcome === 'ACCEPTED' ? 0 : 1;
};
