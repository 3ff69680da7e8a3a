import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { auth } from '@kilowatch/contracts';
import { Secret, tenantId } from '@kilowatch/kernel';
import { grpcClient, ServiceTokens, systemClock } from '@kilowatch/platform';
import { OcspResponder, testPki } from '@kilowatch/testing/pki';
import { GraphqlClient } from '../client/graphql-client.js';
import { findStation } from '../kw/commands/find-station.js';
import { importStations, importTokens, seedDemo } from '../seed/seed-demo.js';
import { quietSystem } from '../system/quiet-system.js';
import { localSecrets } from '../system/secrets.js';
import type { System } from '../system/start-system.js';
import { DEMO_ADMIN, DEMO_TENANT } from '../system/system-options.js';
import { Latencies } from './latencies.js';
import { measured, type LoadResult } from './load.js';
import { cpuByProcess, tableHead, tableRow } from './report.js';
import { disturbance, judgeEach, judgeReconnects, type Verdict } from './verdict.js';

const connect = (url: string, tokens: ServiceTokens) =>
  grpcClient(auth.AuthServiceClient, { url, tokens, clock: systemClock });
type AuthClient = ReturnType<typeof connect>;

/** So many ask at once, as so many sockets of gateways would. */
const SIDE_BY_SIDE = 50;
const WARM_UP_MS = 4_000;
/** As many as a fleet's drivers have: what is kept of one card is little, because nobody shows it ten times a minute. */
const CARDS = 5_000;
const CARDS_A_TIME = 500;
const CONTRACTS = 40;
const RECONNECTS = 10_000;
/** Each has a password of its own, which is hashed when it is set: importing more takes minutes. */
const STATIONS = 250;
/** Each password is hashed before the import answers. */
const BATCH = 10;
const CARD_CPU_MS = 0.3;
const CONTRACT_CPU_MS = 3;
const PASSWORD = 'bench-station-password';
const TENANT = tenantId(DEMO_TENANT);
/** A machine that has other work shall make it slow, not end it. */
const CALL = { tenant: TENANT, deadlineMs: 20_000 };

/** Decisions about cards and contracts, and stations that come back: what they cost auth and all that works for it. */
export class AuthBench {
  private readonly verdicts: Verdict[] = [];
  private readonly results: [string, LoadResult][] = [];

  constructor(
    private readonly system: System,
    private readonly seconds: number,
    private readonly print: (line?: string) => void,
  ) {}

  async run(): Promise<number> {
    const { operator } = await seedDemo(this.system.graphqlUrl);
    const { email, password } = DEMO_ADMIN;
    const admin = await new GraphqlClient(this.system.graphqlUrl).signIn(email, password);
    const client = this.client();
    this.print(`${cpus().length} CPUs, load of the machine ${loadavg()[0]?.toFixed(1)} at the start`);
    this.print(tableHead());
    try {
      const stationId = await findStation(operator, 'KW-SQUARE-1');
      await this.cards(operator, client, stationId);
      await this.contracts(operator, admin, client, stationId);
      await this.reconnects(operator, client);
    } finally {
      client.close();
    }
    this.print();
    cpuByProcess(this.results.map(([name, result]) => [name.split(',')[0] ?? name, result])).forEach((line) =>
      this.print(line),
    );
    this.print();
    this.verdicts.forEach(({ line }) => this.print(line));
    const disturbed = disturbance(this.results.map(([, result]) => result));
    if (disturbed) this.print(disturbed);
    return this.verdicts.every(({ passed }) => passed) ? 0 : 1;
  }

  private async cards(operator: GraphqlClient, client: AuthClient, stationId: string): Promise<void> {
    const tokens = Array.from({ length: CARDS }, (_, i) => `04BE7C${String(i).padStart(8, '0')}`);
    for (let from = 0; from < CARDS; from += CARDS_A_TIME) {
      const some = tokens.slice(from, from + CARDS_A_TIME);
      await importTokens(operator, some.map((value) => ({ value }))); // prettier-ignore
    }
    const ask = (n: number) =>
      accepted(client, { stationId, idToken: { value: tokens[n % CARDS]!, type: 'ISO14443' } });
    const result = await this.load('a card, Authorize', ask);
    this.verdicts.push(judgeEach('a decision about a card', result, CARD_CPU_MS));
  }

  /** Chains of three certificates of P-256, whose responder has been asked before. */
  private async contracts(
    operator: GraphqlClient,
    admin: GraphqlClient,
    client: AuthClient,
    stationId: string,
  ): Promise<void> {
    const responder = await OcspResponder.start();
    try {
      const pki = testPki({ ocspUrl: responder.url });
      responder.answersFor(...pki.authorities);
      await admin.request(
        'mutation($input: SetTrustPolicyInput!) { setTrustPolicy(input: $input) { policy { origins } } }',
        { input: { origins: [responder.origin] } },
      );
      await admin.request(
        'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
        { input: { pem: pki.moRoot.pem, purpose: 'CONTRACT' } },
      );
      const emaids = Array.from({ length: CONTRACTS }, (_, i) => `DE8AA2${String(i).padStart(8, '0')}`);
      const chains = emaids.map((emaid) =>
        pki.moSub2
          .issue({ subject: `CN=${emaid}, O=Mobility, DC=MO`, ocspUrl: responder.url })
          .chain.map(({ pem }) => pem)
          .join(''),
      );
      await importTokens(
        operator,
        emaids.map((value) => ({ value, type: 'eMAID' })),
      );
      const ask = (n: number) =>
        accepted(client, {
          stationId,
          idToken: { value: emaids[n % CONTRACTS]!, type: 'eMAID' },
          contract: { certificatePem: chains[n % CONTRACTS]!, hashes: [] },
        });
      const result = await this.load('a contract, OCSP answer held', ask);
      this.verdicts.push(judgeEach('a decision about a contract', result, CONTRACT_CPU_MS));
    } finally {
      await responder.close();
    }
  }

  /** First all passwords are hashed once, then they come back again and again. */
  private async reconnects(operator: GraphqlClient, client: AuthClient): Promise<void> {
    const identities = Array.from({ length: STATIONS }, (_, i) => `BENCH-AUTH-${i}`);
    for (let from = 0; from < STATIONS; from += BATCH) {
      await importStations(
        operator,
        identities.slice(from, from + BATCH).map((identity) => ({
          identity,
          location: 'Bench of auth',
          securityProfile: 1,
          password: PASSWORD,
          connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
        })),
      );
    }
    const ask = async (n: number) => {
      const identity = identities[n % STATIONS]!;
      const { verdict } = await client.verifyStation(
        auth.VerifyStationRequest.fromPartial({
          identity,
          tenant: DEMO_TENANT,
          securityProfile: 1,
          username: Buffer.from(identity),
          password: Buffer.from(PASSWORD),
          remoteIp: `10.${n % 200}.0.1`,
        }),
        CALL,
      );
      if (verdict !== auth.StationVerdict.STATION_VERDICT_ACCEPTED)
        throw new Error(`${identity} was not let in: ${verdict}`);
    };
    const first = await this.times('a station, first connection', ask, STATIONS);
    const again = await this.times('a station, reconnects', ask, RECONNECTS);
    this.verdicts.push(judgeReconnects(first, again));
  }

  private async load(name: string, ask: (n: number) => Promise<void>): Promise<LoadResult> {
    await loop(ask, (begun) => begun > WARM_UP_MS);
    return this.note(name, async (latencies) => {
      await loop(ask, (begun) => begun > this.seconds * 1000, latencies);
    });
  }

  private times(name: string, ask: (n: number) => Promise<void>, count: number): Promise<LoadResult> {
    return this.note(name, async (latencies) => {
      await loop(ask, (_, asked) => asked >= count, latencies);
    });
  }

  private async note(name: string, work: (latencies: Latencies) => Promise<void>): Promise<LoadResult> {
    const target = {
      pids: () => this.system.pids(),
      quiet: () => quietSystem(this.system.addresses.databaseUrl),
    };
    await target.quiet();
    await delay(500);
    const result = await measured(target, [], async () => {
      const latencies = new Latencies();
      await work(latencies);
      return { latencies, messages: latencies.size };
    });
    this.results.push([name, result]);
    this.print(tableRow(name, result));
    return result;
  }

  private client(): AuthClient {
    const secret = new Secret(localSecrets(this.system.options.dataDir).serviceSecret);
    const tokens = new ServiceTokens({ service: 'ocpp-gateway', secret, clock: systemClock });
    return connect(`127.0.0.1:${this.system.addresses.grpc['auth']}`, tokens);
  }
}

async function accepted(client: AuthClient, over: Partial<auth.DecideRequest>): Promise<void> {
  const { status, reason } = await client.decide(
    auth.DecideRequest.fromPartial({
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
      occurredAt: new Date(),
      ...over,
    }),
    CALL,
  );
  if (status !== auth.DecisionStatus.DECISION_STATUS_ACCEPTED) throw new Error(`not accepted: ${reason}`);
}

/** Closed loop: each asker asks again when it is answered, until `over(ms since it began, asked so far)`. */
async function loop(
  ask: (n: number) => Promise<void>,
  over: (ms: number, asked: number) => boolean,
  latencies?: Latencies,
): Promise<void> {
  const began = performance.now();
  let asked = 0;
  const asker = async () => {
    while (!over(performance.now() - began, asked)) {
      const from = performance.now();
      await ask(asked++);
      latencies?.note(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, asker));
}
