// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { randomUUID } from 'node:crypto';
import { ocppGateway } from '@kilowatch/contracts';
import { invalid, unavailable } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anna, operator, SessionsRig, stranger } from './sessions-rig.js';

const { CommandOutcome } = ocppGateway;

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

interface Bulk {
  readonly id: string;
  readonly finishedAt: string | null;
  readonly progress: Record<string, number>;
  readonly targets: {
    readonly edges: {
      readonly node: { identity: string; outcome: string | null; errorCode: string | null; attempts: number };
    }[];
  };
}

const FIELDS = `id finishedAt progress { total pending accepted rejected chargerError offline unknown cancelled }
  targets(first: 50) { edges { node { identity outcome errorCode attempts } } }`;

async function start(input: object, who = operator) {
  const { data, codes } = await app.rig.graphql<{ startBulkCommand: { bulkCommand: Bulk } }>(
    who,
    `mutation($input: StartBulkCommandInput!) { startBulkCommand(input: $input) { bulkCommand { ${FIELDS} } } }`,
    { input: { action: 'Reset', payload: { type: 'Soft' }, idempotencyKey: randomUUID(), ...input } },
  );
  return { bulk: data?.startBulkCommand.bulkCommand, codes };
}

async function read(id: string, who = operator) {
  const { data, codes } = await app.rig.graphql<{ bulkCommand: Bulk | null }>(
    who,
    `query($id: ID!) { bulkCommand(id: $id) { ${FIELDS} } }`,
    { id },
  );
  return { bulk: data?.bulkCommand, codes };
}

/** Works on what is due until the bulk command is done. */
const finished = (id: string) =>
  waitFor('the bulk command to be done', async () => {
    await app.rig.running.background.jobs.get('run-bulk-commands')!.runDue();
    const { bulk } = await read(id);
    return bulk?.finishedAt ? bulk : undefined;
  });

async function stations(count: number): Promise<string[]> {
  const made = [];
  for (let i = 0; i < count; i++) made.push((await app.aStation()).id);
  return made;
}

describe('a bulk command', () => {
  it('reaches each station once, and tells the outcome of each and of all', async () => {
    const stationIds = await stations(5);
    app.peers.answers = ({ stationId }) =>
      stationId === stationIds[1]
        ? { outcome: CommandOutcome.COMMAND_OUTCOME_OFFLINE, status: '' }
        : stationId === stationIds[2]
          ? { outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED, status: 'Rejected' }
          : {};
    const { bulk } = await start({ filter: { stationIds } });
    expect(bulk!.progress).toMatchObject({ total: 5, pending: 5 });
    expect((await finished(bulk!.id)).progress).toEqual({
      total: 5,
      pending: 0,
      accepted: 3,
      rejected: 1,
      chargerError: 0,
      offline: 1,
      unknown: 0,
      cancelled: 0,
    });
    const sent = app.peers.commands.filter(({ stationId }) => stationIds.includes(stationId));
    expect(sent.map(({ stationId }) => stationId).sort()).toEqual([...stationIds].sort());
    expect(sent[0]).toMatchObject({
      requestedBy: operator.accountId,
      raw: { action: 'Reset', payloadJson: '{"type":"Soft"}' },
    });
  });

  it('is the same one for the same key, and another for another request is refused', async () => {
    const stationIds = await stations(1);
    const idempotencyKey = randomUUID();
    const first = await start({ filter: { stationIds }, idempotencyKey });
    expect((await start({ filter: { stationIds }, idempotencyKey })).bulk!.id).toBe(first.bulk!.id);
    const other = await start({ filter: { stationIds }, idempotencyKey, payload: { type: 'Hard' } });
    expect(other.codes).toEqual(['CONFLICT']);
  });

  it('tries again under the same key while the gateway is away', async () => {
    const stationIds = await stations(1);
    let away = true;
    app.peers.whileSending = () => (away ? Promise.reject(unavailable('AWAY', 'away')) : Promise.resolve());
    const { bulk } = await start({ filter: { stationIds } });
    // A lease is longer than the first pause.
    await waitFor('it to be put off', async () => {
      await app.rig.running.background.jobs.get('run-bulk-commands')!.runDue();
      const rows = await app.rig.sql(
        `UPDATE bulk_command_target SET due_at = now()
         WHERE bulk_id = $1 AND attempts > 0 AND due_at < now() + interval '10 seconds' RETURNING 1`,
        [bulk!.id],
      );
      return rows.length === 1;
    });
    away = false;
    const done = await finished(bulk!.id);
    expect(done.progress).toMatchObject({ accepted: 1, unknown: 0 });
    const sent = app.peers.commands.filter(({ stationId }) => stationId === stationIds[0]);
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent.map((command) => command.idempotencyKey)).size).toBe(1);
  });

  it('tells for each station what could not be sent to it', async () => {
    const stationIds = await stations(1);
    app.peers.whileSending = () => Promise.reject(invalid('COMMAND_PAYLOAD_INVALID', 'no'));
    const { bulk } = await start({ filter: { stationIds } });
    const done = await finished(bulk!.id);
    expect(done.targets.edges.map(({ node }) => [node.outcome, node.errorCode])).toEqual([
      ['REJECTED', 'COMMAND_PAYLOAD_INVALID'],
    ]);
  });

  it('that is called off sends nothing more', async () => {
    const stationIds = await stations(3);
    await app.rig.running.background.jobs.get('run-bulk-commands')!.stop();
    const { bulk } = await start({ filter: { stationIds } });
    await app.rig.graphql(
      operator,
      'mutation($input: CancelBulkCommandInput!) { cancelBulkCommand(input: $input) { bulkCommand { id } } }',
      { input: { bulkCommandId: bulk!.id } },
    );
    expect((await read(bulk!.id)).bulk).toMatchObject({ progress: { cancelled: 3, pending: 0 } });
    expect((await read(bulk!.id)).bulk!.finishedAt).not.toBeNull();
    app.rig.running.background.jobs.get('run-bulk-commands')!.start();
    expect(app.peers.commands.filter(({ stationId }) => stationIds.includes(stationId))).toEqual([]);
  });

  it('goes to the stations that meet the filter, of the own tenant alone', async () => {
    const place = `Depot ${randomUUID().slice(0, 8)}`;
    const here = await app.aStation({ location: place });
    await app.aStation({ location: place }, stranger);
    const { data } = await app.rig.graphql<{ station: { location: { id: string } } }>(
      operator,
      'query($id: ID!) { station(id: $id) { location { id } } }',
      { id: here.id },
    );
    const { bulk } = await start({ filter: { locationId: data!.station.location.id } });
    expect(bulk!.targets.edges.map(({ node }) => node.identity)).toEqual([here.identity]);
    expect((await read(bulk!.id, stranger)).codes).toEqual(['NOT_FOUND']);
    expect((await read(bulk!.id, anna)).codes).toEqual(['FORBIDDEN']);
  });

  it('names no card where it waits and where it is shown, and is sent as it was given', async () => {
    const stationIds = await stations(2);
    const payload = {
      listVersion: 1,
      updateType: 'Full',
      localAuthorizationList: [{ idTag: '04A1B2C3D4E5F6', idTagInfo: { status: 'Accepted' } }],
    };
    const { bulk } = await start({ filter: { stationIds }, action: 'SendLocalList', payload });
    await finished(bulk!.id);
    const sent = app.peers.commands.filter(({ stationId }) => stationIds.includes(stationId));
    expect(sent.map(({ raw }) => JSON.parse(raw!.payloadJson) as object)).toEqual([payload, payload]);
    const rows = await app.rig.sql('SELECT * FROM bulk_command WHERE id = $1', [bulk!.id]);
    const { data } = await app.rig.graphql(
      operator,
      'query($id: ID!) { bulkCommand(id: $id) { payload } bulkCommands(first: 1) { edges { node { payload } } } }',
      { id: bulk!.id },
    );
    for (const told of [rows, data]) {
      expect(JSON.stringify(told)).toContain('****E5F6');
      expect(JSON.stringify(told)).not.toContain('04A1B2C3');
    }
    expect(JSON.stringify(data)).not.toContain('sealed');
  });

  it('that was sealed with another key is not sent, and says so', async () => {
    const stationIds = await stations(1);
    await app.rig.running.background.jobs.get('run-bulk-commands')!.stop();
    const payload = {
      updateType: 'Full',
      listVersion: 1,
      localAuthorizationList: [{ idTag: '04A1B2C3D4E5F6' }],
    };
    const { bulk } = await start({ filter: { stationIds }, action: 'SendLocalList', payload });
    await app.rig.sql(`UPDATE bulk_command SET payload = payload || '{"sealed": "AAAA"}' WHERE id = $1`, [
      bulk!.id,
    ]);
    app.rig.running.background.jobs.get('run-bulk-commands')!.start();
    const done = await finished(bulk!.id);
    expect(done.targets.edges.map(({ node }) => [node.outcome, node.errorCode])).toEqual([
      ['REJECTED', 'BULK_PAYLOAD_SEALED'],
    ]);
    expect(app.peers.commands.filter(({ stationId }) => stationIds.includes(stationId))).toEqual([]);
  });

  it.each([
    ['no filter', { filter: {} }],
    ['a filter that nobody meets', { filter: { model: 'None of ours' } }],
    [
      'a password',
      {
        filter: { online: false },
        action: 'ChangeConfiguration',
        payload: { key: 'AuthorizationKey', value: 'x' },
      },
    ],
    ['no object', { filter: { online: false }, payload: [1] }],
  ])('refuses %s', async (_what, input) => {
    expect((await start(input)).codes).toEqual(['BAD_USER_INPUT']);
  });
});
