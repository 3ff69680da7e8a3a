import {
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { auth, type EventType } from '@kilowatch/contracts';
import { Secret, notFound, tenantId } from '@kilowatch/kernel';
import { testInfraUrl, waitFor, type TestDatabase } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  CLOCK,
  CONFIG,
  Database,
  ServiceTokens,
  grpcClient,
  loadConfig,
  provideGrpcClient,
  provisionDatabase,
  roleName,
  runMigrations,
  runService,
  runTogether,
  systemClock,
  tenantScope,
  type DueWorkDefinition,
  type EventHandler,
  type EventMeta,
  type GrpcCall,
  type GrpcClient,
  type GrpcImplementation,
  type RunningService,
  type ServiceOptions,
  type Tx,
} from '../src/index.js';
import {
  migrations,
  newTestDatabase,
  noteEvent,
  serviceName,
  silent,
  urlAs,
  type Note,
} from './service-harness.js';

// Real: Postgres, NATS, gRPC with the generated contracts, one whole service as main.ts would start it.
const SECRET = 'a-secret-of-thirty-two-bytes-or-more';
const name = serviceName('boot');
const written: EventType<Note> = noteEvent(name);
const PEER = Symbol('peer');

@Injectable()
class Implementation implements GrpcImplementation<typeof auth.AuthServiceService> {
  constructor(private readonly database: Database) {}

  /** Writes a fact in the tenant of the call. */
  async getAppToken(request: auth.GetAppTokenRequest, call: GrpcCall): Promise<auth.GetAppTokenResponse> {
    await this.database.transaction(tenantScope(call.tenant), async (tx) => {
      tx.publish(written, {
        aggregateId: request.accountId,
        aggregateVersion: 1,
        occurredAt: new Date('2026-01-01T00:00:00Z'),
        payload: { text: request.accountId },
      });
    });
    return auth.GetAppTokenResponse.fromPartial({ tokenId: `${call.tenant}/${call.caller}` });
  }

  async decide(): Promise<auth.DecideResponse> {
    throw notFound('TOKEN_UNKNOWN', 'This token is not known');
  }

  async verifyStation(): Promise<auth.VerifyStationResponse> {
    throw new Error('connect ECONNREFUSED 10.0.0.7:5432');
  }

  async setStationCredential(): Promise<auth.SetStationCredentialResponse> {
    return auth.SetStationCredentialResponse.fromPartial({});
  }

  async setStationSubprotocols(): Promise<auth.SetStationSubprotocolsResponse> {
    return auth.SetStationSubprotocolsResponse.fromPartial({});
  }

  async setStationPings(): Promise<auth.SetStationPingsResponse> {
    return auth.SetStationPingsResponse.fromPartial({});
  }
}

@Injectable()
class NoteHandler implements EventHandler<Note> {
  readonly event = written;

  async handle(tx: Tx, payload: Note, meta: EventMeta): Promise<void> {
    await tx.query('INSERT INTO note (tenant, id) VALUES ($1, $2)', [meta.tenant, payload.text]);
  }
}

@Injectable()
class NoteJob implements DueWorkDefinition<{ tenant: string; id: string }> {
  readonly name = 'notes';
  readonly intervalMs = 60_000;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string; id: string }[]> {
    return tx.query('SELECT tenant, id FROM note WHERE due_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED', [
      now,
      limit,
    ]);
  }

  async run(tx: Tx, row: { tenant: string; id: string }): Promise<void> {
    await tx.query('UPDATE note SET due_at = NULL WHERE id = $1', [row.id]);
  }
}

@Injectable()
class Caller {
  constructor(
    @Inject(PEER) readonly peer: GrpcClient<typeof auth.AuthServiceService>,
    @Inject(CLOCK) readonly clock: unknown,
    @Inject(CONFIG) readonly config: unknown,
  ) {}
}

const peerUrl = { value: '127.0.0.1:1' };

@Module({
  providers: [
    Implementation,
    NoteHandler,
    NoteJob,
    Caller,
    provideGrpcClient(PEER, auth.AuthServiceClient, () => peerUrl.value),
  ],
})
class TestModule {}

let database: TestDatabase;
let service: RunningService;
const demo = { tenant: tenantId('demo') };

function options(environment: Record<string, string> = {}): ServiceOptions {
  return {
    name,
    config: loadConfig(
      {},
      {
        KW_BIND_HOST: '127.0.0.1',
        KW_SERVICE_SECRET: SECRET,
        KW_NATS_URL: testInfraUrl('KW_TEST_NATS_URL'),
        KW_DATABASE_URL: urlAs(database.url, roleName(name), 'pass'),
        KW_DATABASE_POOL: '3',
        ...environment,
      },
    ),
    module: TestModule,
    grpc: [{ service: auth.AuthServiceService, implementation: Implementation }],
    consumers: [NoteHandler],
    dueWork: [NoteJob],
    migrations,
    logger: silent,
  };
}

function connect(port = service.grpcPort) {
  const tokens = new ServiceTokens({ service: 'caller', secret: new Secret(SECRET), clock: systemClock });
  return grpcClient(auth.AuthServiceClient, { url: `127.0.0.1:${port}`, tokens, clock: systemClock });
}

const notesOf = (tenant: string) =>
  service.get(Database).read(tenantScope(tenant), (tx) => tx.query<{ id: string }>('SELECT id FROM note'));

beforeAll(async () => {
  database = await newTestDatabase();
  await provisionDatabase(database.url, [{ service: name, password: 'pass' }]);
  await runMigrations(database.url, name, migrations);
  service = await runService(options());
  peerUrl.value = `127.0.0.1:${service.grpcPort}`;
});

afterAll(async () => {
  await service?.close();
  await database?.drop();
});

describe('a running service', () => {
  it('takes a call in its tenant, publishes what it committed, and consumes it', async () => {
    const client = connect();
    const answer = await client.getAppToken({ accountId: 'anna', external: undefined }, demo);
    expect(answer.tokenId).toBe('demo/caller');
    await waitFor('the event to come around', async () =>
      (await notesOf('demo')).some(({ id }) => id === 'anna'),
    );
    expect(await notesOf('other')).toEqual([]);
    client.close();
  });

  it('gives its callers application errors, and nothing of others', async () => {
    const client = connect();
    await expect(client.decide(auth.DecideRequest.fromPartial({}), demo)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      code: 'TOKEN_UNKNOWN',
      publicText: 'This token is not known',
    });
    const hidden: unknown = await client
      .verifyStation(auth.VerifyStationRequest.fromPartial({}), demo)
      .catch((thrown: unknown) => thrown);
    expect(hidden).toMatchObject({ kind: 'INTERNAL' });
    expect(String(hidden)).not.toContain('10.0.0.7');
    client.close();
  });

  it('injects clients of its peers that say who calls', async () => {
    const client = await runService({ ...options(), publishes: false, consumers: [], dueWork: [], grpc: [] });
    const answer = await client
      .get(Caller)
      .peer.getAppToken({ accountId: 'bert', external: undefined }, demo);
    expect([answer.tokenId, client.grpcPort]).toEqual([`demo/${name}`, undefined]);
    await client.close();
  });

  it('runs its jobs', async () => {
    await service
      .get(Database)
      .transaction(tenantScope('demo'), (tx) =>
        tx.query(`INSERT INTO note (tenant, id, due_at) VALUES ('demo', 'due', now() - interval '1 second')`),
      );
    await expect(service.background.jobs.get('notes')?.runDue()).resolves.toBe(1);
  });

  it('is ready, and no longer once it stops', async () => {
    const other = await runService(options());
    const ready = () => fetch(`http://127.0.0.1:${other.httpPort}/health/ready`);
    expect(await (await ready()).json()).toEqual({ ok: true, checks: { database: 'ok' } });
    await other.close();
    await expect(ready()).rejects.toThrow();
    const late = connect(other.grpcPort).getAppToken({ accountId: 'late', external: undefined }, demo);
    await expect(late).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
  });

  it('starts and serves without NATS', async () => {
    const other = await runService(options({ KW_NATS_URL: 'nats://127.0.0.1:1' }));
    const client = connect(other.grpcPort);
    await expect(client.getAppToken({ accountId: 'carl', external: undefined }, demo)).resolves.toBeDefined();
    client.close();
    await other.close();
  });

  it('does not start, and leaves nothing open, when a part is missing', async () => {
    const { config, ...rest } = options();
    await expect(
      runService({ ...rest, config: { ...config, KW_DATABASE_URL: undefined } }),
    ).rejects.toThrow();
  });
});

describe('services that share a process', () => {
  const second = serviceName('second');
  let stopped: string[] = [];

  /** Notes when its service stops. */
  @Injectable()
  class Last implements OnApplicationShutdown {
    constructor(@Inject(CONFIG) private readonly config: { readonly KW_SERVICE_NAME?: string }) {}
    onApplicationShutdown(): void {
      stopped.push(this.config.KW_SERVICE_NAME ?? '');
    }
  }

  @Module({ imports: [TestModule], providers: [Last] })
  class WithLast {}

  function shared(of: string, environment: Record<string, string> = {}): ServiceOptions {
    const url = urlAs(database.url, roleName(of), 'pass');
    return {
      ...options({ KW_DATABASE_URL: url, KW_SERVICE_NAME: of, ...environment }),
      name: of,
      module: WithLast,
      consumers: [],
    };
  }

  beforeAll(async () => {
    await provisionDatabase(database.url, [{ service: second, password: 'pass' }]);
    await runMigrations(database.url, second, migrations);
  });

  it('have each their own ports, database role and relay, and stop in the reverse order', async () => {
    stopped = [];
    const together = await runTogether([shared(name), shared(second)]);
    expect(together.services.map((running) => running.name)).toEqual([name, second]);
    const callers = together.services.map(({ grpcPort }) => connect(grpcPort));
    for (const caller of callers) {
      const answer = caller.decide(auth.DecideRequest.fromPartial({}), demo);
      await expect(answer).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' });
    }
    callers.forEach((caller) => caller.close());
    const roles = together.services.map(async (running) => {
      const [row] = await running
        .get(Database)
        .read(tenantScope('demo'), (tx) => tx.query<{ role: string }>('SELECT current_user AS role'));
      return row?.role;
    });
    expect(await Promise.all(roles)).toEqual([roleName(name), roleName(second)]);
    await waitFor('both relays to be counted', async () => {
      const metrics = await (
        await fetch(`http://127.0.0.1:${together.services[0]?.httpPort}/metrics`)
      ).text();
      return [name, second].every((source) => metrics.includes(`kw_outbox_pending{source="${source}"}`));
    });
    await together.close();
    expect(stopped).toEqual([second, name]);
  });

  it('are all stopped again when one of them does not start', async () => {
    stopped = [];
    const taken = String(service.httpPort);
    await expect(runTogether([shared(name), shared(second, { KW_HTTP_PORT: taken })])).rejects.toThrow(
      /EADDRINUSE/,
    );
    expect(stopped).toEqual([second, name]);
  });

  it('do not go on starting when they are asked to stop meanwhile', async () => {
    stopped = [];
    /** As SIGTERM, but only for these: the handler that was added last is theirs. */
    @Module({ imports: [WithLast] })
    class Interrupted implements OnApplicationBootstrap {
      onApplicationBootstrap(): void {
        process.listeners('SIGTERM').at(-1)?.('SIGTERM');
      }
    }
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    try {
      const interrupted = { ...shared(name), module: Interrupted };
      // The first may come up or not; what was opened of it is closed.
      const together = await runTogether([interrupted, shared(second)]).catch(() => undefined);
      await waitFor('the process to end', async () => exit.mock.calls.length > 0);
      expect(together?.services.map((running) => running.name) ?? [name]).toEqual([name]);
      expect(stopped).toEqual([name]);
    } finally {
      exit.mockRestore();
    }
  });

  it('agree about what there is once in a process', async () => {
    const traced = shared(second, { KW_TRACE_EXPORT: 'file:/dev/null' });
    await expect(runTogether([shared(name), traced])).rejects.toThrow(/KW_TRACE_EXPORT: is the same for all/);
  });
});
