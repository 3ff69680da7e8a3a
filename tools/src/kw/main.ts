import { parseArgs } from 'node:util';
import { GraphqlClient } from '../client/graphql-client.js';
import { interrupted, runTool } from '../system/run-tool.js';
import type { Command } from './commands/context.js';
import { importStations, importTokens } from './commands/imports.js';
import { listSessions, showSession, watchSession } from './commands/sessions.js';
import { stationCommand } from './commands/station-command.js';
import { applyTariff } from './commands/tariffs.js';
import { readCredentials, writeCredentials, type Credentials } from './credentials.js';
import { outputTo } from './output.js';

const HELP = `kw, the command line of Kilowatch (a client of the public GraphQL API)

  kw login EMAIL PASSWORD [--url URL]     sign in (default http://localhost:4000/graphql)
  kw stations import FILE.csv             columns id, profile, password, site, connectors, max_current
  kw tokens import FILE.csv               columns token, type, account, expires, group, concurrent, status
  kw tariffs apply FILE.json              id, name, currency, isDefault, idleGraceMinutes, definition (OCPI elements)
  kw sessions list [N] | show ID | watch ID
  kw command STATION ACTION JSON          any action of the station's OCPP version

  --json   machine-readable output        --help   this text`;

const COMMANDS: Record<string, Command> = {
  'stations import': importStations,
  'tokens import': importTokens,
  'tariffs apply': applyTariff,
  'sessions list': listSessions,
  'sessions show': showSession,
  'sessions watch': watchSession,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      url: { type: 'string', default: 'http://localhost:4000/graphql' },
    },
  });
  const [first, second, ...rest] = positionals;
  if (values.help || !first) {
    process.stdout.write(`${HELP}\n`);
    return values.help ? 0 : 2;
  }
  const output = outputTo((text) => process.stdout.write(text), values.json);
  if (first === 'login') {
    const credentials = await login(values.url, second, rest[0]);
    output.show(
      { url: credentials.url, email: credentials.email },
      () => `signed in as ${credentials.email} at ${credentials.url}`,
    );
    return 0;
  }
  const named = COMMANDS[`${first} ${second}`];
  if (!named && first !== 'command') {
    process.stderr.write(`unknown command: ${positionals.join(' ')}\n\n${HELP}\n`);
    return 2;
  }
  const client = await signedIn();
  const context = { client, output, interrupted: interrupted() };
  if (named) return named(rest, context);
  return stationCommand([second ?? '', ...rest], context);
}

const RESULT = `__typename ... on SignedIn { accessToken refreshToken } ... on SignInRefused { message }`;

interface Signed {
  accessToken?: string;
  refreshToken?: string;
  message?: string;
}

async function login(
  url: string,
  email: string | undefined,
  password: string | undefined,
): Promise<Credentials> {
  if (!email || !password) throw new Error('kw login EMAIL PASSWORD [--url URL]');
  const { signIn } = await new GraphqlClient(url).request<{ signIn: Signed }>(
    `mutation($input: SignInInput!) { signIn(input: $input) { ${RESULT} } }`,
    { input: { email, password } },
  );
  if (!signIn.refreshToken) throw new Error(signIn.message ?? 'refused');
  const credentials = { url, email, refreshToken: signIn.refreshToken };
  writeCredentials(credentials);
  return credentials;
}

/** A client with a fresh access token; the refresh token is spent by that and replaced in the file. */
async function signedIn(): Promise<GraphqlClient> {
  const credentials = readCredentials();
  const { refreshSession } = await new GraphqlClient(credentials.url).request<{ refreshSession: Signed }>(
    `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { ${RESULT} } }`,
    { input: { refreshToken: credentials.refreshToken } },
  );
  const { accessToken, refreshToken } = refreshSession;
  if (!accessToken || !refreshToken)
    throw new Error(`${refreshSession.message ?? 'Please sign in again.'} (kw login)`);
  writeCredentials({ ...credentials, refreshToken });
  return new GraphqlClient(credentials.url, accessToken);
}

runTool(main);
