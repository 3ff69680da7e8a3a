import { waitFor } from '@kilowatch/testing';
import { DEMO_TOKENS } from '@kilowatch/tools/seed/demo-data';
import { RawStation } from '../support/raw-station.js';
import type { SystemUnderTest } from '../support/system-under-test.js';
import type { Things } from './arguments.js';

const NODE = 'edges { node { id } }';

/** One of each: a session of the first driver with its bill, alerts and rating, and what an operator makes of a station. */
export async function prepareThings(sut: SystemUnderTest): Promise<Things> {
  const { driver, operator } = sut.people;
  const begun = new Date(Date.now() - 3_600_000);
  const station = await RawStation.connect(sut.system.ocppUrl, 'KW-HARBOUR-3');
  const transaction = await station.start(DEMO_TOKENS[0].value, begun);
  await station.stop(transaction, 7_000, new Date(begun.getTime() + 1_800_000));
  await station.close();
  const own = await waitFor(
    'the invoice and the alerts of the session',
    async () => {
      const found = await driver.request<Record<string, { edges: { node: { id: string } }[] }>>(
        `{ sessions(first: 1) { ${NODE} } invoices(first: 1) { ${NODE} } alerts(first: 1) { ${NODE} } tokens(first: 1) { ${NODE} } }`,
      );
      return Object.values(found).every(({ edges }) => edges.length > 0) ? found : undefined;
    },
    { timeoutMs: 60_000 },
  );
  const first = (name: string) => own[name]!.edges[0]!.node.id;
  const { session, me, tariffs } = await driver.request<{
    me: { id: string; email: string };
    tariffs: { edges: { node: { id: string } }[] };
    session: { station: { id: string }; location: { id: string }; connector: { id: string } };
  }>(
    `query($id: ID!) { me { id email } tariffs(first: 1) { ${NODE} }
      session(id: $id) { station { id } location { id } connector { id } } }`,
    { id: first('sessions') },
  );
  const { inviteOcpiPartner: invited } = await operator.request<{
    inviteOcpiPartner: { partner: { id: string } };
  }>('mutation { inviteOcpiPartner(input: { name: "Roamer" }) { partner { id } } }');
  await driver.request(
    'mutation($id: ID!) { rateSession(input: { sessionId: $id, score: 4 }) { rating { id } } }',
    { id: first('sessions') },
  );
  // The station is away by now: the request is on record all the same.
  const { requestLog: asked } = await operator.request<{ requestLog: { log: { id: string } } }>(
    'mutation($id: ID!) { requestLog(input: { stationId: $id, kind: DIAGNOSTICS }) { log { id } } }',
    { id: session.station.id },
  );
  const { startBulkCommand: bulk } = await operator.request<{
    startBulkCommand: { bulkCommand: { id: string } };
  }>('mutation($input: StartBulkCommandInput!) { startBulkCommand(input: $input) { bulkCommand { id } } }', {
    input: {
      action: 'Reset',
      payload: { type: 'Soft' },
      filter: { stationIds: [session.station.id] },
      idempotencyKey: 'of-the-matrix',
    },
  });
  await operator.request('mutation($input: ImportTokensInput!) { importTokens(input: $input) { created } }', {
    input: { tokens: [{ value: 'DE8AA0MATRIX02', type: 'eMAID', accountEmail: me.email }] },
  });
  const { contracts } = await driver.request<{ contracts: { edges: { node: { id: string } }[] } }>(
    `{ contracts(first: 1) { ${NODE} } }`,
  );
  return {
    accountId: me.id,
    contractId: contracts.edges[0]!.node.id,
    tokenId: first('tokens'),
    tariffId: tariffs.edges[0]!.node.id,
    invoiceId: first('invoices'),
    alertId: first('alerts'),
    locationId: session.location.id,
    stationId: session.station.id,
    connectorId: session.connector.id,
    sessionId: first('sessions'),
    logId: asked.log.id,
    bulkCommandId: bulk.bulkCommand.id,
    partnerId: invited.partner.id,
    day: begun.toISOString().slice(0, 10),
  };
}
