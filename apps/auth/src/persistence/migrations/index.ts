import { Auth1763700000000 } from './0001-auth.js';
import { ExternalAccounts1765000000000 } from './0002-external-accounts.js';
import { StationSubprotocols1765000000010 } from './0003-station-subprotocols.js';
import { Trust1765100004000 } from './0004-trust.js';
import { Audit1765100005000 } from './0005-audit.js';
import { SignInSessions1765100005010 } from './0005-sign-in-sessions.js';
import { SecondFactor1765100005020 } from './0005-second-factor.js';
import { AccountLinks1765100005030 } from './0005-account-links.js';
import { MachineClients1765100005040 } from './0005-machine-clients.js';
import { Passkeys1765100005050 } from './0005-passkeys.js';
import { Attempts1765100006000 } from './0006-attempts.js';
import { LocalLists1765100007000 } from './0007-local-lists.js';
import { AccountParty1765100008000 } from './0008-account-party.js';
import { StationCertificates1765100009000 } from './0009-station-certificates.js';
import { Places1765100010000 } from './0010-places.js';
import { AuthorizationRules1765100011000 } from './0011-authorization-rules.js';
import { ContractPool1765100012000 } from './0012-contract-pool.js';
import { OwnTokens1765100012000 } from './0005-own-tokens.js';
import { RevokedConnections1765100013100 } from './0013-revoked-connections.js';
import { RefusedSignIns1765100013200 } from './0014-refused-sign-ins.js';
import { RefusedSessions1765100013300 } from './0015-refused-sessions.js';
import { IdentityOfSeveral1765100017000 } from './0017-identity-of-several.js';
import { EndedSignIns1765100018000 } from './0018-ended-sign-ins.js';
import { DecisionsAreKept1765100019000 } from './0019-decisions-are-kept.js';
import { ForgedChains1765100020000 } from './0020-forged-chains.js';
import { CheapPlaces1765100021000 } from './0021-cheap-places.js';
import { TokenStarts1765100022000 } from './0022-token-starts.js';
import { AccountFunds1796702000000 } from './0030-account-funds.js';
import { UnknownTokens1796702100000 } from './0023-unknown-tokens.js';
import { Contracts1796720032000 } from './0032-contracts.js';
import { NetworkPasswords1796720033000 } from './0033-network-passwords.js';
import { PlainHistories1796720034000 } from './0034-plain-histories.js';
import { StationPings1796720035000 } from './0035-station-pings.js';
import { CertificatesOfAll1796720036000 } from './0036-certificates-of-all.js';
import { SwitchedOffExternals1796720037000 } from './0037-switched-off-externals.js';

export const migrations = [
  Auth1763700000000,
  ExternalAccounts1765000000000,
  StationSubprotocols1765000000010,
  Trust1765100004000,
  Audit1765100005000,
  SignInSessions1765100005010,
  SecondFactor1765100005020,
  AccountLinks1765100005030,
  MachineClients1765100005040,
  Passkeys1765100005050,
  Attempts1765100006000,
  LocalLists1765100007000,
  AccountParty1765100008000,
  StationCertificates1765100009000,
  Places1765100010000,
  AuthorizationRules1765100011000,
  ContractPool1765100012000,
  OwnTokens1765100012000,
  RevokedConnections1765100013100,
  RefusedSignIns1765100013200,
  RefusedSessions1765100013300,
  IdentityOfSeveral1765100017000,
  EndedSignIns1765100018000,
  DecisionsAreKept1765100019000,
  ForgedChains1765100020000,
  CheapPlaces1765100021000,
  TokenStarts1765100022000,
  AccountFunds1796702000000,
  UnknownTokens1796702100000,
  Contracts1796720032000,
  NetworkPasswords1796720033000,
  PlainHistories1796720034000,
  StationPings1796720035000,
  CertificatesOfAll1796720036000,
  SwitchedOffExternals1796720037000,
];
