import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { readInput } from '../read-input.js';
import { COMMAND_RESULT, resultText, type CommandResult } from './command-result.js';
import type { Command } from './context.js';
import { findStation } from './find-station.js';

interface Update {
  readonly kind: string;
  readonly status: string;
  readonly location: string | null;
  readonly requestedAt: string;
  readonly updatedAt: string;
}

const FIELDS = 'kind status location requestedAt updatedAt';

/** `kw firmware STATION` lists its updates; with an address (and a certificate and signature file) it asks for one. */
export const firmware: Command = async ([identity, location, certificate, signature], { client, output }) => {
  if (!identity)
    throw wrongInput('which station? kw firmware STATION [ADDRESS [CERTIFICATE.pem SIGNATURE.b64]]');
  const id = await findStation(client, identity);
  if (location === undefined) {
    const { station } = await client.request<{ station: { firmwareUpdates: { edges: { node: Update }[] } } }>(
      `query($id: ID!) { station(id: $id) { firmwareUpdates(first: 20) { edges { node { ${FIELDS} } } } } }`,
      { id },
    );
    const updates = station.firmwareUpdates.edges.map(({ node }) => node);
    output.show(updates, () =>
      updates.length === 0
        ? 'no updates yet'
        : table(
            ['requested', 'kind', 'status', 'since', 'address'],
            updates.map((update) => [
              update.requestedAt,
              update.kind,
              update.status,
              update.updatedAt,
              update.location ?? '-',
            ]),
          ),
    );
    return 0;
  }
  const signing =
    certificate && signature
      ? { signingCertificate: readInput(certificate).trim(), signature: readInput(signature).trim() }
      : {};
  const { updateFirmware } = await client.request<{
    updateFirmware: { result: CommandResult; firmwareUpdate: Update };
  }>(
    `mutation($input: UpdateFirmwareInput!) { updateFirmware(input: $input) {
      result { ${COMMAND_RESULT} } firmwareUpdate { ${FIELDS} } } }`,
    { input: { stationId: id, location, ...signing } },
  );
  output.show(updateFirmware, () => resultText(updateFirmware.result));
  return updateFirmware.result.outcome === 'ACCEPTED' ? 0 : 1;
};
