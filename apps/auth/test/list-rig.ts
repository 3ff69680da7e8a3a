import { randomUUID } from 'node:crypto';
import { events, ocppGateway, sessions } from '@kilowatch/contracts';
import { commandOutcome, isJsonObject } from '@kilowatch/ocpp';
import {
  TinyCsms,
  VirtualCharger,
  waitFor,
  type TokenMemory,
  type TokenMemoryOptions,
} from '@kilowatch/testing';
import { AuthRig, operator } from './auth-rig.js';
import { PlayedCommands } from './played-commands.js';

const { CommandOutcome } = ocppGateway;

export interface ListStation {
  readonly id: string;
  readonly charger: VirtualCharger;
  readonly memory: TokenMemory;
}

export interface ShownList {
  readonly state: string;
  readonly reason: string | null;
  readonly version: number | null;
  readonly entries: number;
  readonly leftOut: number;
  readonly unfit: number;
  readonly maxEntries: number | null;
  readonly attempts: number;
}

export interface Progress {
  readonly mayCharge: boolean;
  readonly confirmed: number;
  readonly pending: number;
  readonly offline: number;
  readonly failed: number;
  readonly stations: {
    readonly edges: readonly {
      readonly node: {
        identity: string;
        state: string;
        inList: boolean;
        inCache: boolean;
        reason: string | null;
      };
    }[];
  };
}

/** Auth and virtual chargers with lists and caches of their own, each on a real socket; between them a gateway that only passes on. */
export class ListRig {
  readonly locationId = randomUUID();
  /** What becomes of an answer on its way back. */
  spoil: (request: ocppGateway.SendRequest) => 'lost' | undefined = () => undefined;
  private readonly stations: ListStation[] = [];
  private generation = 0;
  private count = 0;

  private constructor(
    readonly auth: AuthRig,
    readonly commands: PlayedCommands,
    private readonly csms: TinyCsms,
  ) {}

  static async start(): Promise<ListRig> {
    const [commands, csms] = await Promise.all([PlayedCommands.start(), TinyCsms.start()]);
    const rig = new ListRig(await AuthRig.start(commands.env), commands, csms);
    commands.answer = (request) => rig.pass(request);
    return rig;
  }

  async close(): Promise<void> {
    await this.auth.close();
    await this.commands.close();
    for (const { charger } of this.stations) await charger.shutdown();
    await this.csms.stop();
  }

  /** A station of the location, connected. */
  async station(version: '1.6' | '2.0.1', memory: TokenMemoryOptions): Promise<ListStation> {
    const id = randomUUID();
    const identity = `LIST-${++this.count}`;
    const charger = new VirtualCharger({
      url: this.csms.url,
      identity,
      version,
      memory,
      backOff: { minimumMs: 20, randomMs: 1 },
    });
    const station = { id, charger, memory: charger.memory! };
    this.stations.push(station);
    const { locationId } = this;
    const place = sessions.Station.fromPartial({ stationId: id, identity, locationId });
    const location = sessions.Location.fromPartial({ locationId, name: 'Harbour', timeZone: 'UTC' });
    await this.auth.rig.publish(
      events.locationChanged,
      { aggregateId: locationId, version: this.count },
      { location },
    );
    await this.auth.rig.publish(
      events.stationChanged,
      { aggregateId: id, version: 1 },
      { station: place, locationName: 'Harbour', timeZone: 'UTC' },
    );
    await waitFor('auth to know the station', async () => {
      const rows = await this.auth.rig.sql('select 1 from known_station where station_id = $1', [id]);
      return rows.length > 0;
    });
    await this.connect(station);
    return station;
  }

  async connect(station: ListStation): Promise<void> {
    await station.charger.start();
    const protocol = station.charger.dialect.subprotocol;
    const generation = ++this.generation;
    await this.auth.rig.publish(
      events.stationConnected,
      { aggregateId: station.id, version: generation },
      {
        stationId: station.id,
        connectionId: randomUUID(),
        generation,
        protocol,
        remoteIp: '',
        securityProfile: 1,
      },
    );
  }

  async disconnect(station: ListStation): Promise<void> {
    await station.charger.goOffline();
    const { generation } = this;
    await this.auth.rig.publish(
      events.stationDisconnected,
      { aggregateId: station.id, version: generation },
      { stationId: station.id, connectionId: randomUUID(), generation, closeCode: 1006, reason: '' },
    );
    await waitFor('auth to know that it is away', async () => {
      const [row] = await this.auth.rig.sql<{ online: boolean }>(
        'select online from local_list where station_id = $1',
        [station.id],
      );
      return row?.online === false;
    });
  }

  /** A card is shown: the decision is auth's own, the station keeps it in its cache. */
  async show(station: ListStation, value: string): Promise<string> {
    const { status } = await this.auth.decide(value, { stationId: station.id });
    const word = status === 1 ? 'Accepted' : 'Invalid';
    const info = { status: word };
    station.memory.learn({ value }, { idTagInfo: info });
    return word;
  }

  async tokens(values: readonly string[], over: Record<string, unknown> = {}): Promise<Map<string, string>> {
    await this.auth.importTokens(values.map((value) => ({ value, ...over })));
    const rows = await this.auth.rig.sql<{ id: string; value: string }>(
      'select id, value from token where value = any ($1)',
      [values],
    );
    return new Map(rows.map(({ id, value }) => [value, id]));
  }

  async policy(input: Record<string, unknown>): Promise<number> {
    const { data, errors } = await this.auth.rig.graphql<{ setLocalListPolicy: { stations: number } }>(
      operator,
      'mutation($input: SetLocalListPolicyInput!) { setLocalListPolicy(input: $input) { policy { enabled groups } stations } }',
      { input },
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.setLocalListPolicy.stations;
  }

  async flag(tokenIds: readonly string[], offline = true): Promise<void> {
    const { data, errors } = await this.auth.rig.graphql(
      operator,
      'mutation($input: SetTokensOfflineInput!) { setTokensOffline(input: $input) { tokens { id } } }',
      { input: { tokenIds, offline } },
    );
    if (!data) throw new Error(JSON.stringify(errors));
  }

  async setStatus(tokenId: string, status: string): Promise<void> {
    const { data, errors } = await this.auth.rig.graphql(
      operator,
      'mutation($input: SetTokenStatusInput!) { setTokenStatus(input: $input) { token { status } } }',
      { input: { tokenId, status, reason: 'stolen' } },
    );
    if (!data) throw new Error(JSON.stringify(errors));
  }

  async sync(station: ListStation): Promise<void> {
    await this.auth.rig.graphql(
      operator,
      'mutation($id: ID!) { syncLocalList(input: { stationId: $id }) { localList { state } } }',
      { id: station.id },
    );
  }

  async list(station: ListStation): Promise<ShownList> {
    const { entity } = await this.auth.rig.entity<{ localList: ShownList }>(
      operator,
      'Station',
      station.id,
      'localList { state reason version entries leftOut unfit maxEntries attempts }',
    );
    return entity!.localList;
  }

  /** Of what somebody did to it the station has heard. */
  async settled(station: ListStation, state = 'IN_SYNC'): Promise<ShownList> {
    return waitFor(
      `a list that is ${state}`,
      async () => {
        const rows = await this.auth.rig.sql<{ n: string }>(
          `select count(*) as n from local_list l where station_id = $1 and (lease_until is not null or due_at <= now() + interval '5 seconds'
          or exists (select 1 from local_list_change c where c.station_id = l.station_id))`,
          [station.id],
        );
        const shown = await this.list(station);
        return rows[0]?.n === '0' && shown.state === state ? shown : undefined;
      },
      { timeoutMs: 20_000 },
    );
  }

  async progress(tokenId: string): Promise<Progress> {
    const { data, errors } = await this.auth.rig.graphql<{ tokenBlockProgress: Progress }>(
      operator,
      `query($id: ID!) { tokenBlockProgress(tokenId: $id) { mayCharge confirmed pending offline failed
        stations(first: 100) { edges { node { identity state inList inCache reason } } } } }`,
      { id: tokenId },
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.tokenBlockProgress;
  }

  /** Actions the station was sent, in their order. */
  actions(station: ListStation): string[] {
    return station.charger.commands.map(({ action }) => action);
  }

  private async pass(request: ocppGateway.SendRequest): Promise<Partial<ocppGateway.SendResponse>> {
    const station = this.stations.find(({ id }) => id === request.stationId);
    if (!station?.charger.isOnline()) return { outcome: CommandOutcome.COMMAND_OUTCOME_OFFLINE };
    const { action, payloadJson } = request.raw!;
    const frame = await this.csms.command(
      station.charger.identity,
      action,
      JSON.parse(payloadJson) as Record<string, unknown>,
    );
    if (this.spoil(request) === 'lost') return { outcome: CommandOutcome.COMMAND_OUTCOME_UNKNOWN };
    if (frame[0] === 4)
      return { outcome: CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR, errorCode: String(frame[2]) };
    const answer = isJsonObject(frame[2]) ? frame[2] : {};
    const { accepted, status } = commandOutcome(action, answer);
    const outcome = accepted
      ? CommandOutcome.COMMAND_OUTCOME_ACCEPTED
      : CommandOutcome.COMMAND_OUTCOME_REJECTED;
    return { outcome, status, payloadJson: JSON.stringify(answer) };
  }
}
