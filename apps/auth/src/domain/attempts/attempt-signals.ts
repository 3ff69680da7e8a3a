/** Which signs an event is, by rule and key. An event may be signs of several rules, and most are signs of none. */
import type {
  AttemptEvent,
  ConnectionRefused,
  DecisionMade,
  EnergyUnallowed,
  ConnectionMoved,
} from './attempt-event.js';
import { refusalSense, senseOf } from './attempt-reasons.js';
import type { AttemptRule } from './attempt-rules.js';
import type { AttemptSignal } from './attempt-signal.js';
import { addressBlock } from '../address-block.js';
import { identityKey } from '../station-credential.js';

export interface RuleSignal {
  readonly rule: AttemptRule;
  readonly key: string;
  readonly signal: AttemptSignal;
}

/** Cards and contracts, which somebody carries about; not what an app, a keypad or the station itself says. */
const CARRIED: ReadonlySet<string> = new Set(['ISO14443', 'ISO15693', 'eMAID', 'Unknown', '']);
const LONGEST_TEXT = 100;

export function signalsOf(event: AttemptEvent): RuleSignal[] {
  switch (event.kind) {
    case 'decision':
      return ofDecision(event);
    case 'refused':
      return ofRefusal(event);
    case 'energy':
      return ofEnergy(event);
    default:
      return ofConnection(event);
  }
}

function ofDecision(decision: DecisionMade): RuleSignal[] {
  const { token, place } = decision;
  const sense = senseOf(decision);
  const signal = decisionSignal(decision);
  const found: RuleSignal[] = [];
  const add = (rule: AttemptRule, key: string, more: Partial<AttemptSignal> = {}) =>
    found.push({ rule, key, signal: { ...signal, ...more } });

  if (sense === 'REFUSED_TOKEN') {
    if (decision.live) add('TOKEN_GUESSING', place.stationId, { mark: token.random ? 'random' : token.hash });
    if (decision.live && decision.nextUidHashes.length > 0)
      add('SEQUENTIAL_UIDS', place.stationId, { mark: token.hash, next: decision.nextUidHashes });
    if (!token.random) add('TOKEN_AT_MANY_STATIONS', token.hash, { mark: place.stationId });
    if (
      decision.live &&
      decision.purpose === 'START' &&
      (decision.status === 'UNKNOWN' || decision.status === 'INVALID')
    )
      add('UNAUTHORISED_START', place.stationId);
  }
  if (sense === 'WRONG_CODE' && decision.live)
    add('KEY_CODE_GUESSING', `${place.stationId}|${decision.evseNumber}`);
  if (decision.contractUnverified && decision.live)
    add('UNAUTHORISED_START', place.stationId, { detail: 'contract_unverified' });
  if (decision.unannounced && decision.live)
    add('UNAUTHORISED_START', place.stationId, { detail: 'never_authorised_here', allowed: true });
  if (sense === 'MASTER_PASS_START') add('MASTER_PASS_START', place.stationId);
  if (sense === 'FORGED_CHAIN') add('FORGED_CHAIN', token.hash);
  if (isMoved(decision, sense)) {
    const { siteId, latitude, longitude } = place;
    add('IMPOSSIBLE_TRAVEL', token.hash, {
      siteId,
      ...(latitude === undefined ? {} : { latitude }),
      ...(longitude === undefined ? {} : { longitude }),
    });
  }
  if (sense === 'CONCURRENT' && isElsewhere(decision)) add('CONCURRENT_USE', token.hash);
  if (decision.certificateStatus !== '' || sense === 'REVOKED_CONTRACT')
    add('REVOKED_CONTRACT', token.hash, sense === 'REVOKED_CONTRACT' ? {} : { harmless: true });
  return found;
}

function decisionSignal({
  id,
  at,
  place,
  evseNumber,
  token,
  reason,
  certificateSerial,
}: DecisionMade): AttemptSignal {
  return {
    id,
    at,
    stationId: place.stationId,
    ...(evseNumber > 0 ? { evseNumber } : {}),
    ...(token.id === '' ? {} : { tokenId: token.id }),
    // What little a mask shows of a code is too much of it.
    tokenMasked: token.type === 'KeyCode' || reason === 'key_code_back_off' ? '****' : token.masked,
    detail: certificateSerial === '' ? reason : `${reason}, certificate ${certificateSerial}`,
    ...(token.type === 'eMAID' ? { contract: true } : {}),
  };
}

/** Somebody stood there with it. What a stop says may be an echo of the start. */
function isMoved({ token, place, purpose }: DecisionMade, sense: string): boolean {
  return (
    sense === 'ACCEPTED' &&
    purpose !== 'STOP' &&
    !token.shared &&
    token.id !== '' &&
    CARRIED.has(token.type) &&
    place.siteId !== ''
  );
}

function isElsewhere({ live, token, place, openPlaces }: DecisionMade): boolean {
  if (!live || token.shared || !CARRIED.has(token.type) || place.siteId === '') return false;
  return openPlaces.some(({ siteId }) => siteId !== '' && siteId !== place.siteId);
}

function ofRefusal({ id, at, identity, stationId, reason, address, times }: ConnectionRefused): RuleSignal[] {
  const sense = refusalSense(reason);
  const name = identity.slice(0, LONGEST_TEXT);
  const signal: AttemptSignal = {
    id,
    at,
    identity: name,
    ...(stationId === '' ? {} : { stationId }),
    address,
    detail: reason,
    ...(times === 1 ? {} : { times }),
  };
  if (sense === 'UNKNOWN_IDENTITY')
    return [
      { rule: 'IDENTITY_SCAN', key: addressBlock(address), signal: { ...signal, mark: identityKey(name) } },
    ];
  if (name === '') return [];
  if (sense === 'CREDENTIAL') return [{ rule: 'STATION_CREDENTIAL', key: identityKey(name), signal }];
  return sense === 'DOWNGRADE' ? [{ rule: 'PROFILE_DOWNGRADE', key: identityKey(name), signal }] : [];
}

function ofConnection(moved: ConnectionMoved): RuleSignal[] {
  const { id, at, kind, stationId, generation, address, replacedAddress } = moved;
  const signal =
    kind === 'connected'
      ? { id, at, stationId, generation, address }
      : { id, at, stationId, generation: -generation };
  const found: RuleSignal[] = [{ rule: 'NEW_NETWORK', key: stationId, signal }];
  if (replacedAddress !== undefined)
    found.push({ rule: 'CONNECTION_FLAPPING', key: stationId, signal: { ...signal, replacedAddress } });
  return found;
}

function ofEnergy({
  id,
  at,
  place,
  tokenMasked,
  tokenId,
  sessionId,
  energyWh,
}: EnergyUnallowed): RuleSignal[] {
  if (energyWh <= 0) return [];
  const signal: AttemptSignal = {
    id,
    at,
    stationId: place.stationId,
    tokenMasked,
    ...(tokenId === '' ? {} : { tokenId }),
    energyWh,
    detail: `${(energyWh / 1000).toFixed(3)} kWh in session ${sessionId}`,
  };
  return [{ rule: 'OFFLINE_ENERGY', key: place.stationId, signal }];
}
