import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { fromInvocation } from './invocation-folder.js';
import { ANY_PORTS, DEFAULT_PORTS, type SystemOptions } from './system-options.js';

const OPTIONS = {
  port: { type: 'string' },
  'ocpp-port': { type: 'string' },
  'ocpi-port': { type: 'string' },
  'data-dir': { type: 'string' },
  'log-level': { type: 'string' },
  trace: { type: 'string' },
  together: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export const START_HELP = `Starts Kilowatch with demo data.
  --port N        portal and GraphQL (default 4000)
  --ocpp-port N   OCPP (default 9000)
  --ocpi-port N   OCPI (default 4100)
  --data-dir DIR  where Postgres, NATS, secrets and mails live (default .kilowatch)
  --log-level L   trace, debug, info, warn, error (default info)
  --trace WHERE   file:<path> or otlp:<url>
  --together      all services in one process: a fifth of the memory
DATABASE_URL (a superuser's) and NATS_URL point it at servers of your own.`;

/** Options of a start from the command line and the environment. @throws with a sentence on a bad value */
export function systemOptionsFrom(
  argv: readonly string[],
  defaults: { readonly ports: 'default' | 'any'; readonly dataDir: string; readonly fsync: boolean },
  onLog: SystemOptions['onLog'],
): SystemOptions & { readonly help: boolean } {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const ports = defaults.ports === 'any' ? ANY_PORTS : DEFAULT_PORTS;
  return {
    help: values.help ?? false,
    root: WORKSPACE_ROOT,
    dataDir: values['data-dir'] ? fromInvocation(values['data-dir']) : join(WORKSPACE_ROOT, defaults.dataDir),
    ports: {
      public: portOf(values.port, ports.public, '--port'),
      ocpp: portOf(values['ocpp-port'], ports.ocpp, '--ocpp-port'),
      ocpi: portOf(values['ocpi-port'], ports.ocpi, '--ocpi-port'),
    },
    ...(process.env['DATABASE_URL'] ? { databaseUrl: process.env['DATABASE_URL'] } : {}),
    ...(process.env['NATS_URL'] ? { natsUrl: process.env['NATS_URL'] } : {}),
    fsync: defaults.fsync,
    logLevel: values['log-level'] ?? 'info',
    ...(values.trace ? { traceExport: values.trace } : {}),
    together: values.together ?? false,
    restart: true,
    onLog,
  };
}

function portOf(text: string | undefined, fallback: number, option: string): number {
  if (text === undefined) return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${option} wants a port number, not ${text}`);
  return port;
}
