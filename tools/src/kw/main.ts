import { parseArgs } from 'node:util';
import { GraphqlClient } from '../client/graphql-client.js';
import { Interrupted, interruption } from '../system/interruption.js';
import { runTool } from '../system/run-tool.js';
import { askCode } from './ask-code.js';
import { watchAttempts } from './commands/attempts.js';
import { authorize, type AuthorizeOptions } from './commands/authorize.js';
import { bulk } from './commands/bulk.js';
import { certificates } from './commands/certificates.js';
import { chargebacks } from './commands/chargebacks.js';
import { clients } from './commands/clients.js';
import { listConnections } from './commands/connections.js';
import { contracts } from './commands/contracts.js';
import type { Command, CommandContext } from './commands/context.js';
import { disputes } from './commands/disputes.js';
import { dunning } from './commands/dunning.js';
import { feeds } from './commands/feeds.js';
import { firmware } from './commands/firmware.js';
import { groups } from './commands/groups.js';
import { holds } from './commands/holds.js';
import { importStations, importTokens } from './commands/imports.js';
import { stationLog } from './commands/log.js';
import { explainSession } from './commands/explain-session.js';
import { invoices } from './commands/invoices.js';
import { meters } from './commands/meters.js';
import { stationOptions } from './commands/options.js';
import { orphans } from './commands/orphans.js';
import { payees } from './commands/payees.js';
import { payouts } from './commands/payouts.js';
import { price } from './commands/price.js';
import { quarantine } from './commands/quarantine.js';
import { recoveries } from './commands/recoveries.js';
import { reserve, unreserve } from './commands/reserve.js';
import { revenue } from './commands/revenue.js';
import { listSessions, showSession } from './commands/sessions.js';
import { listSettings, setSetting } from './commands/settings.js';
import { sources } from './commands/sources.js';
import { stationCommand } from './commands/station-command.js';
import { subscriptions } from './commands/subscriptions.js';
import { assignments } from './commands/tariff-assignments.js';
import { tariffs } from './commands/tariffs.js';
import { terms } from './commands/terms.js';
import { blockToken, tokenProgress, unblockToken } from './commands/tokens.js';
import { trace } from './commands/trace.js';
import { trust, type TrustOptions } from './commands/trust.js';
import { approveToken, ignoreToken, listTokenAgain, listUnknownTokens } from './commands/unknown-tokens.js';
import { watchSession } from './commands/watch-session.js';
import { credentialsFile, readCredentials } from './credentials.js';
import { errorDocument, wrongInput } from './kw-error.js';
import { outputTo } from './output.js';
import { AccessTokens, login } from './sign-in.js';

const HELP = `kw, the command line of Kilowatch (a client of the public GraphQL API)

  kw login EMAIL PASSWORD [--code CODE] [--url URL]   sign in (default http://localhost:4000/graphql); CODE: of the app, or
      a recovery code, where the account has a second factor; asked for at a terminal
  kw stations import FILE.csv             columns id, profile, password, site, connectors, max_current
  kw tokens import FILE.csv               columns token, type, account, expires, group, concurrent, status
  kw tokens block TOKEN REASON | unblock TOKEN REASON | progress TOKEN   and how stations let go of it
  kw tokens unknown [ignored] | approve ID [driver=EMAIL] [group=GROUP] | ignore ID | list-again ID   cards that nobody has
  kw tariffs list | history TARIFF | withdraw TARIFF VERSION   what is published, by whom, what it changed; what is planned
  kw tariffs apply FILE.json [--from TIME]   id, name, currency, isDefault, idleGraceMinutes, definition (OCPI elements);
      TIME: plans a version that is valid from then on
  kw tariffs preview FILE.json [DAYS]     what the sessions of the last days would have cost under it
  kw assignments list | add TARIFF station|token|driver|location|group WHICH [FROM] [UNTIL] | end ID [TIME]   tariffs for some
  kw feeds list | add SOURCE AREA CURRENCY [published=HH:MM] [missed=HH:MM] | try SOURCE AREA | prices SOURCE AREA [HOURS]
      | remove SOURCE AREA | record NAME UNIT FILE.csv   market prices; record: a curve of one's own, columns start, end, value
  kw sources list | preview FILE.json | set FILE.json | remove TARIFF   tariffs made from a market, a curve, or a tariff
  kw subscriptions list [ACCOUNT] | add ACCOUNT PLAN [FROM] [UNTIL] | end ID [TIME]   who has which plan
  kw groups list | add NAME | show GROUP | put GROUP driver|station|location WHICH | take GROUP ...   who has a tariff together
  kw terms [ACCOUNT] | set ACCOUNT|all REASON NAME=VALUE...   how an account pays, or all with whom nothing is agreed
  kw price CASES.json [--explain]         what OCPI price cases cost, exact; needs no sign-in and no system
  kw sessions list [N] | show ID | watch ID
  kw session explain ID                   registers, power, signatures and price of a session on one page
  kw invoices list|overdue [N] | show ID | paid ID [AMOUNT] REFERENCE | pdf ID [FILE] [en|nl|de] | ubl ID [FILE]   ID: its id or its number
  kw dunning list [STATE] | show ID | pause ID [until DAY] WHY | resume|raise|write-off|waive ID WHY
  kw revenue FROM TO [tenant|location|station] [day|month|year] [FILE.csv]   what was earned; FROM, TO: days, both counted
  kw payees [list] | add CURRENCY NAME, ADDRESS | agree PAYEE LOCATION share|kwh|session VALUE FROM WHY | end TERM MONTH WHY
  kw payees statements [PAYEE] | show STATEMENT | paid STATEMENT REFERENCE | pdf|csv STATEMENT [FILE]   FROM, MONTH: like 2026-03
  kw payouts                              what the payment provider paid into the bank
  kw chargebacks [all]                    card payments that banks take back
  kw holds [list | measured SESSION REASON | energy SESSION WH REASON | waive SESSION REASON]   bills that wait for a person
  kw disputes [list | open SESSION WHY TEXT | reject ID ANSWER | accept ID measured|waive ANSWER | accept ID energy|amount N ANSWER]
      WHY: energy, price, idle, not-mine or other; N: Wh, or the total with VAT
  kw command STATION ACTION JSON          any action of the station's OCPP version
  kw bulk FILTER ACTION JSON              the same to all stations that meet the filter, e.g. '{"model":"X1"}'
  kw attempts watch                       unauthorised attempts: what is open, then each change
  kw clients list | create NAME SCOPE... | rotate ID [HOURS] | revoke ID REASON   machine clients; HOURS: the old secret goes on
  kw trace STATION [--follow] [--search TEXT] [--action ACTION] [--from TIME]   frames of a station, masked
  kw connections [IDENTITY]               how chargers came to the door, why they were refused, what to do
  kw quarantine [list | replay ID [JSON] | dismiss ID REASON]     messages that could not be processed
  kw orphans [list | attach ID SESSION [NOTE] | dismiss ID REASON]   messages that belong to no session
  kw recoveries STATION                   connectors that misbehaved without a session, and what was tried
  kw reserve STATION [EVSE] [MINUTES] | unreserve ID
  kw certificates list [STATION] | sign STATION REQUEST.csr [TYPE] | revoke ID REASON [NOTE]   certificates of stations
  kw contracts list [PART] | show CONTRACT | block CONTRACT REASON | unblock CONTRACT REASON   of Plug & Charge
  kw contracts requests | approve ID [REASON] | decline ID REASON   what drivers ask for about contracts
  kw meters list STATION | add STATION KEY-FILE [serial=TEXT ...] | end ID [TIME] | proof SESSION [xml]   meters that sign
  kw firmware STATION [ADDRESS [CERTIFICATE.pem SIGNATURE.b64]]   updates of a station, or a new one
  kw log STATION [diagnostics | security | ID FILE]               logs of a station, a new one, or one as a file
  kw settings STATION [--drift] [--search TEXT]   settings of a station, and what is wanted of them
  kw authorize --token TOKEN --station STATION [--type TYPE] [--evse N] [--purpose START|STOP]
      [--chain FILE | --hash-data JSON] [--explain]   what would be decided now, and why
  kw options STATION [costs=auto|on|off] [tag=TAG] [subprotocols=ocpp1.6,ocpp2.0.1]   what is left to choose for it
  kw trust list [PURPOSE] | import FILE.pem... --purpose PURPOSE [--iso 2|20] [--reason TEXT] | remove ID REASON
  kw trust intermediates [import FILE.pem...] | policy [NAME=VALUE ...]   whom certificates are believed below
  kw set STATION NAME VALUE               NAME: a key of 1.6, or Component.Variable

  --json   JSON: one document, of a watch one a line; an error is {"error":{"code","message"}} on standard error
  --help   this text`;

const COMMANDS: Record<string, Command> = {
  'attempts watch': watchAttempts,
  'stations import': importStations,
  'tokens import': importTokens,
  'tokens block': blockToken,
  'tokens unblock': unblockToken,
  'tokens progress': tokenProgress,
  'tokens unknown': listUnknownTokens,
  'tokens approve': approveToken,
  'tokens ignore': ignoreToken,
  'tokens list-again': listTokenAgain,
  'session explain': explainSession,
  'sessions list': listSessions,
  'sessions show': showSession,
  'sessions watch': watchSession,
};

/** Those whose second word is a station, or what belongs to one. */
type StationCommand = (
  args: readonly string[],
  context: CommandContext,
  options: TrustOptions &
    AuthorizeOptions & {
      drift: boolean;
      follow: boolean;
      search: string | undefined;
      action: string | undefined;
      from: string | undefined;
    },
) => Promise<number>;

const STATION_COMMANDS: Record<string, StationCommand> = {
  assignments,
  authorize,
  bulk,
  certificates,
  chargebacks,
  clients,
  command: stationCommand,
  connections: listConnections,
  contracts,
  disputes,
  dunning,
  feeds,
  firmware,
  groups,
  holds,
  invoices,
  log: stationLog,
  meters,
  options: stationOptions,
  orphans,
  payees,
  payouts,
  quarantine,
  recoveries,
  reserve,
  revenue,
  settings: listSettings,
  set: setSetting,
  sources,
  subscriptions,
  tariffs,
  terms,
  trace,
  trust,
  unreserve,
};

async function main(): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Interrupted || !process.argv.includes('--json')) throw error;
    process.stderr.write(`${JSON.stringify(errorDocument(error))}\n`);
    return 1;
  }
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      url: { type: 'string', default: 'http://localhost:4000/graphql' },
      drift: { type: 'boolean', default: false },
      search: { type: 'string' },
      follow: { type: 'boolean', default: false },
      action: { type: 'string' },
      from: { type: 'string' },
      purpose: { type: 'string' },
      iso: { type: 'string' },
      reason: { type: 'string' },
      token: { type: 'string' },
      station: { type: 'string' },
      type: { type: 'string' },
      evse: { type: 'string' },
      chain: { type: 'string' },
      'hash-data': { type: 'string' },
      code: { type: 'string' },
      explain: { type: 'boolean', default: false },
    },
  });
  const [first, second, ...rest] = positionals;
  if (values.help || !first) {
    process.stdout.write(`${HELP}\n`);
    return values.help ? 0 : 2;
  }
  if (first === 'price') {
    return price(positionals.slice(1), values, (text) => process.stdout.write(text));
  }
  const output = outputTo((text) => process.stdout.write(text), values.json);
  const file = credentialsFile();
  if (first === 'login') {
    const { url, email } = await login(file, values.url, second, rest[0], {
      code: values.code,
      ask: process.stdin.isTTY ? askCode : undefined,
    });
    output.show({ url, email }, () => `signed in as ${email} at ${url}`);
    return 0;
  }
  const named = COMMANDS[`${first} ${second}`];
  const ofStation = STATION_COMMANDS[first];
  if (!named && !ofStation)
    throw wrongInput(`there is no command ${positionals.slice(0, 2).join(' ')}: kw --help lists them`);
  const tokens = new AccessTokens(file);
  const client = new GraphqlClient(readCredentials(file).url, tokens.token);
  const context = { client, output, signal: interruption() };
  if (named) return named(rest, context);
  const { drift, follow, search, action, purpose, iso, reason, from } = values;
  return ofStation!(positionals.slice(1), context, {
    ...values,
    ...{ drift, follow, search, action, purpose, iso, reason, from },
  });
}

runTool(main);
