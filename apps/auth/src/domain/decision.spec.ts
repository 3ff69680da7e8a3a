import { decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountFunds } from './account-funds.js';
import { AC_1, AT, anInput, aPolicy, aToken } from './decision.builders.js';
import {
  decide,
  explain,
  type DecisionInput,
  type DecisionPurpose,
  type DecisionStatus,
  type WaitingSession,
} from './decision.js';
import { NO_LIMITS, type TokenLimits } from './token-limits.js';

const elsewhere = { sessionId: 'x', stationId: 's2', evseNumber: 1 };
const secondEvse = { sessionId: 'x', stationId: 's1', evseNumber: 2 };
const limited = (limits: Partial<TokenLimits>) => aToken({ limits: { ...NO_LIMITS, ...limits } });
const master = aToken({ groupId: 'masters', allowConcurrent: false });
const masters = aPolicy({ masterPassGroupId: 'masters' });
const weekdays = limited({ hours: [{ days: ['MONDAY', 'TUESDAY'], from: '08:00', to: '18:00' }] });

type Case = readonly [string, Partial<DecisionInput>, DecisionStatus, string];

const TOKENS: readonly Case[] = [
  ['an active token', {}, 'ACCEPTED', 'token_active'],
  ['an unknown token', { token: undefined }, 'UNKNOWN', 'token_unknown'],
  ['a blocked token', { token: aToken({ status: 'BLOCKED' }) }, 'BLOCKED', 'token_blocked'],
  [
    'a token of an inactive account',
    { token: aToken({ accountActive: false }) },
    'BLOCKED',
    'account_inactive',
  ],
  ['an expired token', { token: aToken({ expiresAt: AT }) }, 'EXPIRED', 'token_expired'],
  ['a token set to expired', { token: aToken({ status: 'EXPIRED' }) }, 'EXPIRED', 'token_expired'],
];

const CONCURRENT: readonly Case[] = [
  [
    'a session open elsewhere',
    { token: aToken({ openSessions: [elsewhere] }) },
    'CONCURRENT_TX',
    'session_open_elsewhere',
  ],
  [
    'a session open elsewhere of a token that may',
    { token: aToken({ openSessions: [elsewhere], allowConcurrent: true }) },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a stop while another session is open',
    { purpose: 'STOP', token: aToken({ openSessions: [elsewhere] }) },
    'ACCEPTED',
    'token_active',
  ],
  [
    'the same token again at its own station',
    { token: aToken({ openSessions: [secondEvse] }) },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a start at another EVSE of the same station',
    { purpose: 'START', evseNumber: 1, token: aToken({ openSessions: [secondEvse] }) },
    'CONCURRENT_TX',
    'session_open_elsewhere',
  ],
];

const SWITCHES: readonly Case[] = [
  [
    'the start button, off (C02)',
    { tokenType: 'NoAuthorization', token: undefined },
    'INVALID',
    'start_button_is_off',
  ],
  [
    'the start button, on',
    { tokenType: 'NoAuthorization', token: undefined, policy: aPolicy({ startButton: true }) },
    'ACCEPTED',
    'start_button',
  ],
  [
    'the start button where everybody may charge',
    { tokenType: 'NoAuthorization', token: undefined, policy: aPolicy({ freeVend: true }) },
    'ACCEPTED',
    'free_vend',
  ],
  [
    'the start button, spelled otherwise (2.1)',
    { tokenType: 'noauthorization', token: undefined, policy: aPolicy({ startButton: true }) },
    'ACCEPTED',
    'start_button',
  ],
  [
    'an unknown token where everybody may charge',
    { token: undefined, policy: aPolicy({ freeVend: true }) },
    'ACCEPTED',
    'free_vend',
  ],
  [
    'a blocked token where everybody may charge',
    { token: aToken({ status: 'BLOCKED' }), policy: aPolicy({ freeVend: true }) },
    'BLOCKED',
    'token_blocked',
  ],
  ['a local token (C06)', { tokenType: 'Local', token: undefined }, 'UNKNOWN', 'token_unknown'],
  [
    'a local token that is believed',
    { tokenType: 'Local', token: undefined, policy: aPolicy({ localTokens: 'TRUST' }) },
    'ACCEPTED',
    'local_trusted',
  ],
  [
    'a blocked token shown as a local one that is believed',
    {
      tokenType: 'Local',
      token: aToken({ status: 'BLOCKED' }),
      policy: aPolicy({ localTokens: 'TRUST' }),
    },
    'BLOCKED',
    'token_blocked',
  ],
  ['an enrolled vehicle, autocharge off (T13)', { tokenType: 'EVCCID' }, 'INVALID', 'autocharge_is_off'],
  ...['Unknown', 'ISO14443', 'Central', 'KeyCode'].flatMap((tokenType) =>
    ['MacAddress', 'EVCCID', 'VIN'].map((type): Case => [
      `a vehicle enrolled as ${type} and told as ${tokenType}, autocharge off`,
      { tokenType, token: aToken({ type }) },
      'INVALID',
      'autocharge_is_off',
    ]),
  ),
  ['a vehicle by a type of another case', { tokenType: 'evccid' }, 'INVALID', 'autocharge_is_off'],
  [
    'an enrolled vehicle',
    { tokenType: 'MacAddress', policy: aPolicy({ autocharge: true }) },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a vehicle that nobody enrolled, even where everybody may charge',
    { tokenType: 'VIN', token: undefined, policy: aPolicy({ autocharge: true, freeVend: true }) },
    'UNKNOWN',
    'token_unknown',
  ],
];

const MASTER_PASS: readonly Case[] = [
  ['a master pass (C16)', { token: master, policy: masters }, 'ACCEPTED', 'master_pass'],
  [
    'a master pass that starts (C12.FR.09)',
    { token: master, policy: masters, purpose: 'START' },
    'INVALID',
    'master_pass_may_not_start',
  ],
  [
    'a master pass whose group is spelled otherwise, and starts',
    { token: aToken({ groupId: ' MASTERS' }), policy: masters, purpose: 'START' },
    'INVALID',
    'master_pass_may_not_start',
  ],
  [
    'a master pass that stops',
    { token: master, policy: masters, purpose: 'STOP' },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a blocked master pass',
    { token: { ...master, status: 'BLOCKED' }, policy: masters },
    'BLOCKED',
    'token_blocked',
  ],
  [
    'a token without group where no master pass is set',
    { token: aToken(), purpose: 'START' },
    'ACCEPTED',
    'token_active',
  ],
];

const LIMITS: readonly Case[] = [
  ['a token at its location', { token: limited({ locationIds: ['l1'] }) }, 'ACCEPTED', 'token_active'],
  [
    'a token of another location (C01.FR.22)',
    { token: limited({ locationIds: ['l2'] }) },
    'NOT_AT_THIS_LOCATION',
    'location_not_allowed',
  ],
  [
    'a limited token at a station that nobody knows',
    { token: limited({ locationIds: ['l1'] }), place: undefined },
    'NOT_AT_THIS_LOCATION',
    'location_not_allowed',
  ],
  [
    'a stop anywhere',
    { purpose: 'STOP', token: limited({ locationIds: ['l2'], powerTypes: ['AC_1_PHASE'] }) },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a start at an EVSE of another kind (C01.FR.21)',
    { purpose: 'START', evseNumber: 2, token: limited({ powerTypes: ['AC_3_PHASE'] }) },
    'NOT_ALLOWED_TYPE_EVSE',
    'evse_type_not_allowed',
  ],
  [
    'a station without any EVSE of the kind',
    { token: limited({ powerTypes: ['AC_1_PHASE'] }) },
    'NOT_ALLOWED_TYPE_EVSE',
    'evse_type_not_allowed',
  ],
  ['a token outside its hours (C01.FR.23)', { token: weekdays }, 'NOT_AT_THIS_TIME', 'time_not_allowed'],
  [
    'a token within its hours',
    { token: weekdays, at: new Date('2026-03-02T07:30:00Z') },
    'ACCEPTED',
    'token_active',
  ],
];

const waits = (over: Partial<WaitingSession> = {}): WaitingSession => ({
  evseNumber: 1,
  tokenId: 't2',
  groupId: '',
  since: new Date(AT.getTime() - 60_000),
  ...over,
});
const one = { locationId: 'l1', timeZone: 'Europe/Amsterdam', evses: [AC_1] };
const REFUSED = ['NOT_AT_THIS_TIME', 'waiting_for_other_token'] as const;
const FREE = ['ACCEPTED', 'token_active'] as const;

const WAITING: readonly Case[] = [
  [
    'a second token while the only EVSE waits with a refused one (C01.FR.24)',
    { place: one, waiting: [waits()] },
    ...REFUSED,
  ],
  [
    'one while it waits with a token that nobody has',
    { place: one, waiting: [waits({ tokenId: '' })] },
    ...REFUSED,
  ],
  ['one while another EVSE is free', { waiting: [waits()] }, ...FREE],
  ['one at that very EVSE', { evseNumber: 1, waiting: [waits()] }, ...REFUSED],
  ['one at another EVSE', { evseNumber: 2, waiting: [waits()] }, ...FREE],
  ['one while all EVSEs wait', { waiting: [waits(), waits({ evseNumber: 2 })] }, ...REFUSED],
  ['the refused token itself, allowed by now', { place: one, waiting: [waits({ tokenId: 't1' })] }, ...FREE],
  [
    'one of the same group',
    { place: one, token: aToken({ groupId: 'g' }), waiting: [waits({ groupId: 'g' })] },
    ...FREE,
  ],
  [
    'one of the same group, spelled otherwise',
    { place: one, token: aToken({ groupId: 'Fleet-1' }), waiting: [waits({ groupId: 'FLEET-1' })] },
    ...FREE,
  ],
  ['one of no group beside one of none', { place: one, waiting: [waits({ groupId: '' })] }, ...REFUSED],
  [
    'one when that is an hour ago',
    { place: one, waiting: [waits({ since: new Date(AT.getTime() - 3_600_000) })] },
    ...FREE,
  ],
  ['one at a station that nobody has described', { place: undefined, waiting: [waits()] }, ...FREE],
  ['the start of a transaction', { purpose: 'START', evseNumber: 1, waiting: [waits()] }, ...FREE],
  ['a stop', { purpose: 'STOP', evseNumber: 1, waiting: [waits()] }, ...FREE],
  [
    'a blocked token is told so',
    { place: one, token: aToken({ status: 'BLOCKED' }), waiting: [waits()] },
    'BLOCKED',
    'token_blocked',
  ],
  [
    'a master pass',
    { place: one, token: master, policy: masters, waiting: [waits()] },
    'ACCEPTED',
    'master_pass',
  ],
];

const withFunds = (available: string | undefined, over: Partial<AccountFunds> = {}): AccountFunds => ({
  currency: 'EUR',
  available: available === undefined ? undefined : decimal(available),
  minimumToStart: decimal('0'),
  blocked: false,
  ...over,
});

const CREDIT: readonly Case[] = [
  [
    'a token whose account has less left than was agreed',
    { token: aToken({ funds: withFunds('2', { minimumToStart: decimal('5') }) }) },
    'NO_CREDIT',
    'below_minimum_to_start',
  ],
  [
    'a token whose account is blocked',
    { token: aToken({ funds: withFunds(undefined, { blocked: true }) }) },
    'NO_CREDIT',
    'account_blocked',
  ],
  [
    'a token without credit that is shown where it charges',
    {
      token: aToken({
        funds: withFunds('0'),
        openSessions: [{ sessionId: 'x', stationId: 's1', evseNumber: 1 }],
      }),
    },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a prepaid token with credit (C17.FR.02)',
    { token: aToken({ funds: withFunds('5') }) },
    'ACCEPTED',
    'token_active',
  ],
  ['a prepaid token without', { token: aToken({ funds: withFunds('0') }) }, 'NO_CREDIT', 'no_credit'],
  [
    'a prepaid token without credit that stops',
    { purpose: 'STOP', token: aToken({ funds: withFunds('0') }) },
    'ACCEPTED',
    'token_active',
  ],
  [
    'a prepaid token without credit where everybody may charge',
    { token: aToken({ funds: withFunds('0') }), policy: aPolicy({ freeVend: true }) },
    'ACCEPTED',
    'free_vend',
  ],
];

describe('authorisation decision', () => {
  it.each([...TOKENS, ...CONCURRENT, ...SWITCHES, ...MASTER_PASS, ...LIMITS, ...WAITING, ...CREDIT])(
    'of %s',
    (_name, over, status, reason) => {
      expect(decide(anInput(over))).toMatchObject({ status, reason });
    },
  );

  it('names the EVSEs a token may use when it may not use all (C01.FR.19, FR.20)', () => {
    expect(decide(anInput({ token: limited({ powerTypes: ['DC'] }) })).evseNumbers).toEqual([2]);
    expect(decide(anInput({ token: limited({ powerTypes: ['DC', 'AC_3_PHASE'] }) })).evseNumbers).toEqual([]);
    expect(decide(anInput()).evseNumbers).toEqual([]);
  });

  it('names the group of a known token in every answer (C01, C09)', () => {
    for (const status of ['ACTIVE', 'BLOCKED', 'EXPIRED'] as const) {
      expect(decide(anInput({ token: aToken({ status, groupId: 'fleet' }) })).groupId).toBe('fleet');
    }
  });

  it('flags what it accepted on a weak proof', () => {
    const autocharge = { policy: aPolicy({ autocharge: true }) };
    expect(decide(anInput({ ...autocharge, tokenType: 'VIN' })).weak).toBe(true);
    expect(decide(anInput({ ...autocharge, tokenType: 'vin' })).weak).toBe(true);
    expect(decide(anInput({ ...autocharge, token: aToken({ type: 'VIN' }) })).weak).toBe(true);
    expect(decide(anInput(autocharge)).weak).toBe(false);
  });

  it('never lets a station cache a token beyond its own expiry, and never a refusal', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), (hours) => {
        const expiresAt = new Date(AT.getTime() + hours * 3_600_000);
        const decision = decide(anInput({ token: aToken({ expiresAt }) }));
        if (decision.status === 'ACCEPTED') {
          expect(decision.cacheExpiry!.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
          expect(decision.cacheExpiry!.getTime()).toBeGreaterThan(AT.getTime());
        } else {
          expect(decision.cacheExpiry).toBeUndefined();
        }
      }),
    );
  });

  it.each<[string, Partial<DecisionInput>]>([
    ['a prepaid token (C17.FR.01)', { token: aToken({ funds: withFunds('5') }) }],
    ['a prepaid token without credit', { token: aToken({ funds: withFunds('0') }) }],
    ['a token of ours (C03)', { tokenType: 'Central' }],
    ['a code of a keypad (C04)', { tokenType: 'KeyCode' }],
    ['a vehicle', { tokenType: 'EVCCID', policy: aPolicy({ autocharge: true }) }],
    [
      'a vehicle told as a card',
      { token: aToken({ type: 'EVCCID' }), policy: aPolicy({ autocharge: true }) },
    ],
    ['a token of ours told as a card', { token: aToken({ type: 'Central' }) }],
    ['a code told as nothing (1.6)', { tokenType: 'Unknown', token: aToken({ type: 'KeyCode' }) }],
    ['a code by a type of another case', { tokenType: 'keycode' }],
    ['a card where the operator wants no cache', { policy: aPolicy({ cacheHours: 0 }) }],
    ['everybody', { token: undefined, policy: aPolicy({ freeVend: true }) }],
  ])('lets no station cache %s', (_name, over) => {
    expect(decide(anInput(over)).cacheExpiry).toEqual(AT);
  });

  it('never refuses a stop for anything but the token itself (C09.FR.03)', () => {
    const limits = fc.record({
      locationIds: fc.subarray(['l1', 'l2']),
      powerTypes: fc.subarray(['AC_1_PHASE', 'DC'] as const),
      hours: fc.subarray([{ days: ['MONDAY' as const], from: '08:00', to: '09:00' }]),
    });
    fc.assert(
      fc.property(limits, fc.boolean(), fc.boolean(), (some, prepaid, open) => {
        const funds = prepaid ? withFunds('0') : undefined;
        const token = aToken({ limits: some, funds, openSessions: open ? [elsewhere] : [] });
        expect(decide(anInput({ purpose: 'STOP', token })).status).toBe('ACCEPTED');
      }),
    );
  });

  it('explains what it decides, and the last rule that is named is the one that decided', () => {
    const purpose = fc.constantFrom<DecisionPurpose>('AUTHORIZE', 'START', 'STOP');
    const type = fc.constantFrom('ISO14443', 'NoAuthorization', 'VIN', 'Local');
    fc.assert(
      fc.property(purpose, type, fc.boolean(), fc.boolean(), (asked, tokenType, known, freeVend) => {
        const input = anInput({
          purpose: asked,
          tokenType,
          token: known ? aToken() : undefined,
          policy: aPolicy({ freeVend }),
        });
        const { decision, steps } = explain(input);
        expect(decision).toEqual(decide(input));
        expect(steps.at(-1)).toMatchObject({ status: decision.status, reason: decision.reason });
        expect(steps.slice(0, -1).every((step) => step.status === '')).toBe(true);
      }),
    );
  });
});
