import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import type { EventType } from '@kilowatch/contracts';
import { Secret, type Clock } from '@kilowatch/kernel';
import {
  ensureStream,
  grpcClient,
  loadConfig,
  provisionDatabase,
  roleName,
  runMigrations,
  runService,
  SERVICE_TOKEN_HEADER,
  ServiceTokens,
  systemClock,
  systemIds,
  tenantScope,
  Database,
  type ConfigOf,
  type GrpcClient,
  type RunningService,
  type ServiceOptions,
  eventsOf,
  type CarriedEvent,
} from '@kilowatch/platform';
import { startNats, type NatsServer } from '../infra/nats.js';
import { createTestDatabase, type TestDatabase } from '../infra/test-database.js';
import { startTokenIssuer, type TestPrincipal, type TokenIssuer } from './token-issuer.js';

type Shape = Parameters<typeof loadConfig>[0];

export interface RigOptions<S extends Shape> {
  /** What main.ts hands to runService, made from the configuration. */
  readonly service: (config: ConfigOf<S>) => ServiceOptions;
  readonly shape: S;
  /** Settings of the service beyond the base ones. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Settings that come before those of the rig itself: a key set other than that of its issuer. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** A principal of the rig's own issuer, whoever this access token speaks for, or nobody. */
export type Asker = TestPrincipal | { readonly bearer: string } | null;

/** What the services of a rig, and the peers a test plays, sign their service tokens with. */
export const RIG_SERVICE_SECRET = 'rig-service-secret-0123456789abcdef';

/**
 * One service in this process on a real Postgres schema of its own role and a real NATS of its own; the rest of the
 * platform is played by the test: it publishes others' events, calls gRPC as a peer and GraphQL as the gateway would.
 */
export class ServiceRig {
  private constructor(
    readonly running: RunningService,
    readonly natsUrl: string,
    private readonly parts: {
      readonly database: TestDatabase;
      readonly nats: NatsServer;
      readonly natsDir: string;
      readonly issuer: TokenIssuer;
      readonly connection: NatsConnection;
      readonly tokens: ServiceTokens;
      readonly restart: () => Promise<RunningService>;
    },
  ) {}

  static async start<S extends Shape>(options: RigOptions<S>): Promise<ServiceRig> {
    const natsDir = mkdtempSync(join(tmpdir(), 'kw-rig-nats-'));
    const [database, nats, issuer] = await Promise.all([
      createTestDatabase(),
      startNats({ storeDir: natsDir }),
      startTokenIssuer(),
    ]);
    const bare = options.service(configFor(options, {}));
    const name = bare.name;
    await provisionDatabase(database.url, [{ service: name, password: 'rig' }]);
    await runMigrations(database.url, name, bare.migrations ?? []);
    const url = new URL(database.url);
    url.username = roleName(name);
    url.password = 'rig';
    const config = configFor(options, {
      KW_DATABASE_URL: url.toString(),
      KW_NATS_URL: nats.url,
      KW_JWKS_URL: issuer.jwksUrl,
      KW_JWT_ISSUER: issuer.issuer,
    });
    const restart = () =>
      runService({ ...options.service(config), ...(options.clock ? { clock: options.clock } : {}) });
    const running = await restart();
    const connection = await connect({ servers: nats.url });
    const tokens = new ServiceTokens({
      service: 'rig',
      secret: new Secret(RIG_SERVICE_SECRET),
      // The service's own time: its peers' tokens last a minute.
      clock: options.clock ?? systemClock,
    });
    return new ServiceRig(running, nats.url, {
      database,
      nats,
      natsDir,
      issuer,
      connection,
      tokens,
      restart,
    });
  }

  /** A query or mutation as the gateway forwards it; `headers` are those it adds itself. */
  async graphql<T = Record<string, unknown>>(
    asker: Asker,
    query: string,
    variables: Record<string, unknown> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{
    data: T | null;
    errors: { message: string; extensions: { code?: string } }[];
    codes: string[];
  }> {
    const response = await fetch(`http://127.0.0.1:${this.running.httpPort}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [SERVICE_TOKEN_HEADER]: await this.parts.tokens.token(),
        ...(asker ? { authorization: `Bearer ${await this.bearer(asker)}` } : {}),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as {
      data?: T;
      errors?: { message: string; extensions: { code?: string } }[];
    };
    const errors = body.errors ?? [];
    return { data: body.data ?? null, errors, codes: errors.map((error) => error.extensions.code ?? '') };
  }

  /** An entity as the gateway fetches it: `fields` of the representation `{ __typename, id }`. */
  async entity<T = Record<string, unknown>>(
    asker: Asker,
    typename: string,
    id: string,
    fields: string,
  ): Promise<{ entity: T | null; codes: string[] }> {
    const { data, codes } = await this.graphql<{ _entities: (T | null)[] }>(
      asker,
      `query($r: [_Any!]!) { _entities(representations: $r) { ... on ${typename} { ${fields} } } }`,
      { r: [{ __typename: typename, id }] },
    );
    return { entity: data?._entities[0] ?? null, codes };
  }

  /** A typed client of the service's own gRPC port, speaking as a peer service. */
  grpc<Service extends object>(constructor: { readonly service: Service }): GrpcClient<Service> {
    const url = `127.0.0.1:${this.running.grpcPort}`;
    return grpcClient(constructor, { url, tokens: this.parts.tokens, clock: systemClock });
  }

  /**
   * Publishes an event as its producer would, acknowledged by JetStream. The same `eventId` again is a redelivery.
   * Returns the event id.
   */
  async publish<T>(
    event: EventType<T>,
    about: { tenant?: string; aggregateId: string; version: number; at?: Date; eventId?: string },
    payload: Omit<T, 'meta'>,
  ): Promise<string> {
    const eventId = about.eventId ?? systemIds().newId();
    const tenant = about.tenant ?? 'demo';
    await ensureStream(await jetstreamManager(this.parts.connection), event.service);
    const meta = {
      eventId,
      tenant,
      aggregateId: about.aggregateId,
      aggregateVersion: about.version,
      occurredAt: about.at ?? new Date(),
      producer: event.service,
    };
    // A message id of its own each time: JetStream's duplicate window must not hide a redelivery from the inbox.
    await jetstream(this.parts.connection).publish(
      event.subject(tenant),
      event.encode({ ...payload, meta } as T),
      {
        msgID: systemIds().newId(),
      },
    );
    return eventId;
  }

  /** What the service published of one kind, in order, whether or not the relay has carried it yet. */
  async published<T>(event: EventType<T>, tenant = 'demo'): Promise<T[]> {
    const all = await this.publishedOfAllKinds(tenant);
    return all
      .filter(({ subject }) => subject === event.subject(tenant))
      .map(({ payload }) => event.decode(payload));
  }

  /** What the service published, in order: a row of its outbox may hold several events. */
  async publishedOfAllKinds(tenant = 'demo'): Promise<CarriedEvent[]> {
    const rows = await this.sql<{ subject: string; payload: Buffer }>(
      'select subject, payload from outbox order by seq',
      [],
      tenant,
    );
    return rows.flatMap((row) => eventsOf({ ...row, traceparent: undefined }));
  }

  /** SQL in the service's schema under one tenant's scope, as the service's own role sees it. */
  sql<R = Record<string, unknown>>(
    text: string,
    params: readonly unknown[] = [],
    tenant = 'demo',
  ): Promise<R[]> {
    return this.running.get(Database).transaction(tenantScope(tenant), (tx) => tx.query<R>(text, params));
  }

  /**
   * SQL as the owner of the database, past triggers and row-level security: for tests that break what the service itself cannot
   * break. All of `texts` in one transaction.
   */
  async sqlPastTheWalls<R extends object = Record<string, unknown>>(
    ...texts: readonly string[]
  ): Promise<R[]> {
    const client = new pg.Client({ connectionString: this.parts.database.url });
    await client.connect();
    try {
      const { schema } = (await this.sql<{ schema: string }>('select current_schema() as schema'))[0]!;
      await client.query(
        `begin; set local search_path = "${schema}"; set local session_replication_role = replica`,
      );
      let rows: R[] = [];
      for (const text of texts) rows = (await client.query<R>(text)).rows;
      await client.query('commit');
      return rows;
    } finally {
      await client.end();
    }
  }

  private bearer(asker: NonNullable<Asker>): string | Promise<string> {
    return 'bearer' in asker ? asker.bearer : this.parts.issuer.token(asker);
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.parts.connection.close();
    this.parts.issuer.close();
    await this.parts.nats.stop();
    rmSync(this.parts.natsDir, { recursive: true, force: true });
    await this.parts.database.drop();
  }
}

function configFor<S extends Shape>(options: RigOptions<S>, env: Record<string, string>): ConfigOf<S> {
  return loadConfig(options.shape, {
    KW_ENV: 'development',
    KW_BIND_HOST: '127.0.0.1',
    KW_LOG_LEVEL: 'fatal',
    KW_SERVICE_SECRET: RIG_SERVICE_SECRET,
    ...options.env,
    ...env,
    ...options.overrides,
  });
}
