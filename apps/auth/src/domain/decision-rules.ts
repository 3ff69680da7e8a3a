/** The rules of a decision, in the order in which they are asked (see decision.ts). */
import { refusalOf } from './account-funds.js';
import type { DecisionInput, DecisionStatus, OpenSession } from './decision.js';
import { isSameGroup } from './group-id.js';
import { allowedEvses, isAllowedLocation, isAllowedTime } from './token-limits.js';
import { isStartButton, isWeak } from './token-type.js';

export interface Ruling {
  readonly status: DecisionStatus;
  readonly reason: string;
}

export interface Rule {
  readonly name: string;
  /** Undefined: nothing to say, the next one is asked. */
  readonly ruling: (input: DecisionInput) => Ruling | undefined;
}

const ruled = (status: DecisionStatus, reason: string): Ruling => ({ status, reason });

/** From here on the token is known and its owner may charge; a stop needs no more (C09.FR.03, and never a card in credit). */
const beforeStarting = (rule: (input: DecisionInput) => Ruling | undefined) => (input: DecisionInput) =>
  input.purpose === 'STOP' ? undefined : rule(input);

export const RULES: readonly Rule[] = [
  {
    // C02.FR.02: nothing to look up.
    name: 'start_button',
    ruling: ({ tokenType, policy }) => {
      if (!isStartButton(tokenType)) return undefined;
      if (policy.startButton) return ruled('ACCEPTED', 'start_button');
      return policy.freeVend ? ruled('ACCEPTED', 'free_vend') : ruled('INVALID', 'start_button_is_off');
    },
  },
  {
    // C04: whoever guesses learns nothing, not even by a right code.
    name: 'key_code_back_off',
    ruling: ({ heldBack }) => (heldBack ? ruled('INVALID', 'key_code_back_off') : undefined),
  },
  {
    // C07.FR.15 to FR.17 come before FR.13: a bad certificate answers as one, whoever the token is (P15).
    name: 'contract_certificate',
    ruling: ({ contract }) => {
      if (!contract || contract.kind === 'VALID') return undefined;
      return ruled(contract.kind === 'EXPIRED' ? 'EXPIRED' : 'INVALID', contract.reason);
    },
  },
  {
    name: 'autocharge',
    ruling: (input) =>
      isWeak(input) && !input.policy.autocharge ? ruled('INVALID', 'autocharge_is_off') : undefined,
  },
  {
    name: 'known',
    ruling: (input) => {
      const { token, tokenType, policy } = input;
      if (token) return undefined;
      // C06.FR.04; the station made it, so it says no more than that the station wants to charge.
      if (tokenType === 'Local' && policy.localTokens === 'TRUST') return ruled('ACCEPTED', 'local_trusted');
      if (policy.freeVend && !isWeak(input)) return ruled('ACCEPTED', 'free_vend');
      return ruled('UNKNOWN', 'token_unknown');
    },
  },
  {
    name: 'blocked',
    ruling: ({ token }) => (token?.status === 'BLOCKED' ? ruled('BLOCKED', 'token_blocked') : undefined),
  },
  {
    name: 'account',
    ruling: ({ token }) => (token?.accountActive ? undefined : ruled('BLOCKED', 'account_inactive')),
  },
  {
    name: 'expiry',
    ruling: ({ token, at }) =>
      token?.status === 'EXPIRED' || (token?.expiresAt && token.expiresAt <= at)
        ? ruled('EXPIRED', 'token_expired')
        : undefined,
  },
  {
    // C16: it opens a menu and stops what runs, and must never start.
    name: 'master_pass',
    ruling: beforeStarting(({ token, purpose, policy }) => {
      if (!isSameGroup(policy.masterPassGroupId, token?.groupId)) return undefined;
      return purpose === 'START'
        ? ruled('INVALID', 'master_pass_may_not_start')
        : ruled('ACCEPTED', 'master_pass');
    }),
  },
  {
    name: 'location',
    ruling: beforeStarting(({ token, place }) =>
      token && !isAllowedLocation(token.limits, place)
        ? ruled('NOT_AT_THIS_LOCATION', 'location_not_allowed')
        : undefined,
    ),
  },
  {
    name: 'evse',
    ruling: beforeStarting((input) => {
      const allowed = allowedHere(input);
      if (!allowed) return undefined;
      const { evseNumber } = input;
      const isAllowed = evseNumber > 0 ? allowed.includes(evseNumber) : allowed.length > 0;
      return isAllowed ? undefined : ruled('NOT_ALLOWED_TYPE_EVSE', 'evse_type_not_allowed');
    }),
  },
  {
    name: 'hours',
    ruling: beforeStarting(({ token, place, at }) =>
      token && !isAllowedTime(token.limits, place, at)
        ? ruled('NOT_AT_THIS_TIME', 'time_not_allowed')
        : undefined,
    ),
  },
  {
    // C01.FR.24. Only what is shown before a transaction: a start says itself that the one before is over, or belongs to it.
    name: 'waiting',
    ruling: (input) =>
      input.purpose === 'AUTHORIZE' && isTaken(input)
        ? ruled('NOT_AT_THIS_TIME', 'waiting_for_other_token')
        : undefined,
  },
  {
    name: 'concurrent',
    ruling: beforeStarting((input) =>
      input.token && !input.token.allowConcurrent && isElsewhere(input, input.token.openSessions)
        ? ruled('CONCURRENT_TX', 'session_open_elsewhere')
        : undefined,
    ),
  },
  {
    // C17.FR.02. Who asks where it charges already wants to end that, which costs nothing.
    name: 'credit',
    ruling: beforeStarting((input) => {
      const { token, policy, purpose } = input;
      const refusal = refusalOf(token?.funds);
      if (!token || !refusal || (purpose === 'AUTHORIZE' && isHere(input, token.openSessions)))
        return undefined;
      return policy.freeVend ? ruled('ACCEPTED', 'free_vend') : ruled('NO_CREDIT', refusal);
    }),
  },
];

/** Undefined: all EVSEs of the station. */
export function allowedHere({ token, place }: DecisionInput): readonly number[] | undefined {
  return token && allowedEvses(token.limits, place);
}

/** So long others are told to wait; one whose end was never told must not keep a station from everybody. */
const WAITS_MS = 3_600_000;

/**
 * Whether every EVSE that the token could mean waits with somebody else's refused token. The same token, and one of its group, may be
 * there to end that; most stations do not say at which EVSE a token was shown.
 */
function isTaken({ token, place, evseNumber, waiting, at }: DecisionInput): boolean {
  const others = waiting.filter(
    ({ tokenId, groupId, since }) =>
      at.getTime() - since.getTime() < WAITS_MS &&
      tokenId !== token?.tokenId &&
      !isSameGroup(groupId, token?.groupId),
  );
  if (others.length === 0) return false;
  const meant = evseNumber > 0 ? [evseNumber] : (place?.evses ?? []).map(({ number }) => number);
  return meant.length > 0 && meant.every((number) => others.some((other) => other.evseNumber === number));
}

/**
 * The same token again at the same EVSE is a stop, not a conflict (OCPP 1.6 section 7.2). EVSE 0 = the station did not
 * say which.
 */
function isElsewhere(input: DecisionInput, open: readonly OpenSession[]): boolean {
  return open.some(
    (session) =>
      session.stationId !== input.stationId ||
      (input.purpose === 'START' && input.evseNumber > 0 && session.evseNumber !== input.evseNumber),
  );
}

/** It has a session at the place where it is shown. */
function isHere({ stationId, evseNumber }: DecisionInput, open: readonly OpenSession[]): boolean {
  return open.some(
    (session) => session.stationId === stationId && (evseNumber === 0 || session.evseNumber === evseNumber),
  );
}
