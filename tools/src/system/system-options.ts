export interface SystemPorts {
  /** Portal and GraphQL. 0 = any free port. */
  readonly public: number;
  readonly ocpp: number;
  readonly ocpi: number;
}

export interface SystemOptions {
  /** Repository root. */
  readonly root: string;
  /** Everything the system keeps between runs. */
  readonly dataDir: string;
  readonly ports: SystemPorts;
  /** A Postgres superuser URL to use instead of the embedded server. */
  readonly databaseUrl?: string;
  /** A NATS server with JetStream to use instead of a local one. */
  readonly natsUrl?: string;
  /** fsync off is for tests that do not crash the machine. */
  readonly fsync: boolean;
  /** More settings of the embedded Postgres, e.g. `{ shared_preload_libraries: 'pg_stat_statements' }`. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  readonly logLevel: string;
  /** Gets every log line of every service. */
  readonly onLog: (service: string, line: string) => void;
  /** Restart a service that crashed (as Kubernetes would). */
  readonly restart: boolean;
  /** `file:<path>` or `otlp:<url>`; default none. */
  readonly traceExport?: string;
  /** More environment, per service. */
  readonly extraEnv?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Auth has a simulated contract pool with a responder (docs/plug-and-charge.md). */
  readonly contractPool?: boolean;
  /** Only these services, for work on a part; default all. */
  readonly services?: readonly string[];
  /** All services in one process (apps/together) instead of one each; a fault run cannot kill one of them then. */
  readonly together?: boolean;
  /** So many gateways behind a balancer instead of one. */
  readonly gatewayPods?: number;
  readonly environment?: 'development' | 'test' | 'production';
  readonly lateWindowSeconds?: number;
  /** The services' clocks can be set (`System.setClocks`). Only with `environment: 'test'`. */
  readonly clocks?: boolean;
  /** Aborted = stop starting. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_PORTS: SystemPorts = { public: 4000, ocpp: 9000, ocpi: 4100 };
export const ANY_PORTS: SystemPorts = { public: 0, ocpp: 0, ocpi: 0 };

export const DEMO_TENANT = 'demo';
export const DEMO_ADMIN = { email: 'admin@kilowatch.local', password: 'kilowatch-admin-demo' } as const;
