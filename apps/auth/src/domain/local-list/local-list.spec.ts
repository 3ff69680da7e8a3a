import { TypedOcppSchemas } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import { entryFor, listStatus, type ListToken } from './list-entry.js';
import { limitQuery, limitsOf } from './list-limits.js';
import { listPayload } from './list-payload.js';
import { nextVersion, planList } from './list-plan.js';
import { checkedPolicy } from './list-policy.js';
import { backOffMs, standingOf, verdictOf } from './list-verdict.js';
import { NO_LIMITS } from '../token-limits.js';
import { maySayOffline } from './offline-token.js';
import { wantedList, type Candidate } from './wanted-list.js';

const NOW = new Date('2026-11-29T12:00:00Z');
const LATER = new Date('2026-12-31T00:00:00Z');
const token = (over: Partial<ListToken> = {}): ListToken => ({
  tokenId: 'token-1',
  value: '04A1B2C3',
  type: 'ISO14443',
  groupId: '',
  status: 'ACTIVE',
  accountActive: true,
  expiresAt: undefined,
  ...over,
});
const AT_16 = { dialect: '1.6', expiry: true, now: NOW } as const;
const AT_2 = { dialect: '2.x', expiry: false, now: NOW } as const;

describe('the entry of a token', () => {
  it.each([
    [{}, 'Accepted'],
    [{ status: 'BLOCKED' }, 'Blocked'],
    [{ accountActive: false }, 'Blocked'],
    [{ status: 'EXPIRED' }, 'Expired'],
    [{ expiresAt: NOW }, 'Expired'],
    [{ expiresAt: LATER }, 'Accepted'],
    [{ status: 'BLOCKED', expiresAt: NOW }, 'Blocked'],
  ] as [Partial<ListToken>, string][])('of a token with %o is %s', (over, status) => {
    expect(listStatus(token(over), NOW)).toBe(status);
  });

  it.each([
    ['a card as readers tell it (C01.FR.25)', { value: '04:a1:b2:c3' }, '04A1B2C3'],
    ['another word as it is written', { value: 'Guest-1', type: 'Local' }, 'Guest-1'],
    ['a card whose value is no bytes as it is written', { value: 'card-7', type: 'ISO14443' }, 'card-7'],
  ])('spells %s', (_title, over, id) => {
    expect(entryFor(token(over), AT_2)?.id).toBe(id);
  });

  it.each([
    ['longer than 20 characters in 1.6', { value: 'A'.repeat(21) }, AT_16],
    ['longer than 36 characters in 2.x', { value: 'A'.repeat(37) }, AT_2],
    ['a code that is known by its hash (C04)', { type: 'KeyCode' }, AT_2],
    ['one that nobody presents', { type: 'Central' }, AT_2],
  ])('is not made for a token that is %s', (_title, over, at) => {
    expect(entryFor(token(over), at)).toBeUndefined();
  });

  it('names its group where it fits, and says when it ends where the station minds that (L5)', () => {
    const long = token({ groupId: 'g'.repeat(21), expiresAt: LATER });
    expect(entryFor(long, AT_16)).toMatchObject({ groupId: '', expiresAt: LATER, type: '' });
    expect(entryFor(long, AT_2)).toMatchObject({
      groupId: 'g'.repeat(21),
      expiresAt: undefined,
      type: 'ISO14443',
    });
  });
});

describe('a token with a rule that no entry can say', () => {
  const place = {
    locationId: '019aa000-0000-7000-8000-000000000001',
    timeZone: 'UTC',
    evses: [{ number: 1, powerTypes: ['AC_3_PHASE'] }],
  };
  const hours = [{ days: ['MONDAY' as const], from: '08:00', to: '18:00' }];
  it.each([
    ['none', {}, true],
    ['this location', { limits: { ...NO_LIMITS, locationIds: [place.locationId] } }, true],
    ['another location', { limits: { ...NO_LIMITS, locationIds: ['elsewhere'] } }, false],
    ['what all EVSEs have', { limits: { ...NO_LIMITS, powerTypes: ['AC_3_PHASE' as const] } }, true],
    ['what they have not', { limits: { ...NO_LIMITS, powerTypes: ['DC' as const] } }, false],
    ['hours', { limits: { ...NO_LIMITS, hours } }, false],
    ['credit (C17)', { prepaid: true }, false],
    ['the master pass (C16)', { groupId: 'service' }, false],
    ['the master pass, spelled otherwise', { groupId: 'Service ' }, false],
  ])('%s', (_rule, over, able) => {
    const ruled = { limits: NO_LIMITS, prepaid: false, groupId: '', ...over };
    expect(maySayOffline(ruled, { place, masterPassGroupId: 'service' })).toBe(able);
  });
});

describe('a list that is too small', () => {
  const candidate = (
    n: number,
    over: Partial<Candidate> & { status?: ListToken['status'] } = {},
  ): Candidate => ({
    token: token({ tokenId: `token-${n}`, value: `CARD${n}`, status: over.status ?? 'ACTIVE' }),
    reason: over.reason ?? 'RECENT',
    usedAt: over.usedAt,
  });
  const day = (n: number) => new Date(NOW.getTime() - n * 86_400_000);
  const all = [
    candidate(1, { usedAt: day(3) }),
    candidate(2, { usedAt: day(1) }),
    candidate(3, { reason: 'FLEET' }),
    candidate(4, { reason: 'FLAGGED', status: 'BLOCKED' }),
    candidate(5, { reason: 'FLAGGED' }),
  ];
  const ids = (most: number) => wantedList(all, { ...AT_16, most }).entries.map(({ tokenId }) => tokenId);

  it('keeps flagged tokens, then fleets, then the last used, and refused ones only where room is left', () => {
    expect(ids(9)).toEqual(['token-5', 'token-3', 'token-2', 'token-1', 'token-4']);
    expect(ids(3)).toEqual(['token-5', 'token-3', 'token-2']);
    expect(ids(0)).toEqual([]);
  });

  it('says how many it does without, and how many no entry can hold', () => {
    const long = { ...candidate(9), token: token({ value: 'L'.repeat(30) }) };
    const { leftOut, unfit } = wantedList([...all, long], { ...AT_16, most: 3 });
    expect({ leftOut, unfit }).toEqual({ leftOut: 2, unfit: 1 });
  });

  it('never names a token twice, however it is spelled', () => {
    const twin = { ...candidate(7), token: token({ tokenId: 'twin', value: 'card5' }) };
    expect(
      wantedList([...all, twin], { ...AT_16, most: 9 }).entries.map(({ id }) => id.toUpperCase()),
    ).toEqual([...new Set(['CARD5', 'CARD3', 'CARD2', 'CARD1', 'CARD4'])]);
  });
});

describe('SendLocalList', () => {
  const schemas = new TypedOcppSchemas();
  const entry = entryFor(token({ groupId: 'fleet', expiresAt: LATER }), { ...AT_2, expiry: true })!;
  const said = {
    updateType: 'Differential' as const,
    version: 3,
    upserts: [entry],
    removals: [{ id: 'OLD', type: 'Local' }],
  };

  it('is spelled as 1.6 spells it', () => {
    expect(listPayload('1.6', said)).toEqual({
      listVersion: 3,
      updateType: 'Differential',
      localAuthorizationList: [
        { idTag: 'OLD' },
        {
          idTag: '04A1B2C3',
          idTagInfo: { status: 'Accepted', expiryDate: LATER.toISOString(), parentIdTag: 'fleet' },
        },
      ],
    });
  });

  it('is spelled as 2.x spells it', () => {
    expect(listPayload('2.x', said)).toEqual({
      versionNumber: 3,
      updateType: 'Differential',
      localAuthorizationList: [
        { idToken: { idToken: 'OLD', type: 'Local' } },
        {
          idToken: { idToken: '04A1B2C3', type: 'ISO14443' },
          idTokenInfo: {
            status: 'Accepted',
            cacheExpiryDateTime: LATER.toISOString(),
            groupIdToken: { idToken: 'fleet', type: 'Central' },
          },
        },
      ],
    });
  });

  it.each([
    ['1.6', '1.6'],
    ['2.x', '2.0.1'],
    ['2.x', '2.1'],
  ] as const)('of %s keeps to the schema of %s, with entries and without', (dialect, version) => {
    const empty = { updateType: 'Full' as const, version: 4, upserts: [], removals: [] };
    for (const each of [said, empty]) {
      const payload = listPayload(dialect, each);
      expect(schemas.validateOutbound(version, 'SendLocalList', 'request', payload)).toMatchObject({
        ok: true,
      });
    }
    const { action, payload } = limitQuery(dialect);
    expect(schemas.validateOutbound(version, action, 'request', payload)).toMatchObject({ ok: true });
  });
});

describe('the plan', () => {
  const limits = { itemsPerMessage: undefined, bytesPerMessage: undefined };
  const entry = entryFor(token(), AT_2)!;

  it('begins with version 1, is one Full for an unknown list, and empties a list with a Full', () => {
    const { messages } = planList({ dialect: '2.x', held: undefined, wanted: [entry], version: 0, limits });
    expect(messages).toMatchObject([{ updateType: 'Full', version: 1, upserts: [entry] }]);
    const held = [{ tokenId: 'token-1', id: '04A1B2C3', type: 'ISO14443', hash: 'x' }];
    const emptied = planList({ dialect: '2.x', held, wanted: [], version: 6, limits });
    expect(emptied.messages).toMatchObject([{ updateType: 'Full', version: 7, upserts: [], removals: [] }]);
  });

  it('does not empty a list of which only some tokens were looked at', () => {
    const held = [{ tokenId: 'token-1', id: '04A1B2C3', type: 'ISO14443', hash: 'x' }];
    const { messages } = planList({ dialect: '2.x', held, wanted: [], isPart: true, version: 6, limits });
    expect(messages).toMatchObject([{ updateType: 'Differential', version: 7, removals: held }]);
  });

  it('removes a token in one message and adds it with another type in the next (D01.FR.16)', () => {
    const held = [{ tokenId: 'token-1', id: '04A1B2C3', type: 'Local', hash: 'x' }];
    const { messages } = planList({ dialect: '2.x', held, wanted: [entry], version: 1, limits });
    expect(
      messages.map(({ updateType, removals, upserts }) => [updateType, removals.length, upserts.length]),
    ).toEqual([
      ['Differential', 1, 0],
      ['Differential', 0, 1],
    ]);
  });

  it('leaves out an entry that no message can carry', () => {
    const plan = planList({
      dialect: '2.x',
      held: undefined,
      wanted: [entry],
      version: 0,
      limits: { ...limits, bytesPerMessage: 150 },
    });
    expect(plan.tooLarge).toEqual(['token-1']);
    expect(plan.messages).toMatchObject([{ updateType: 'Full', upserts: [] }]);
  });

  it('begins anew with 1 after the last number there is', () => {
    expect([nextVersion(0), nextVersion(-1), nextVersion(7), nextVersion(2_147_483_647)]).toEqual([
      1, 1, 8, 1,
    ]);
  });
});

describe('what a station says of its limits', () => {
  it('is read from a 1.6 configuration', () => {
    const configurationKey = [
      { key: 'localAuthListEnabled', readonly: false, value: 'true' },
      { key: 'LocalAuthListMaxLength', readonly: true, value: '64' },
      { key: 'SendLocalListMaxLength', readonly: true, value: '10' },
      { key: 'AuthorizationCacheEnabled', readonly: false, value: 'false' },
    ];
    expect(limitsOf('1.6', { configurationKey })).toEqual({
      list: 'ON',
      cache: 'OFF',
      maxEntries: 64,
      itemsPerMessage: 10,
      bytesPerMessage: undefined,
      expiry: true,
    });
  });

  it('is read from 2.x variables, the most entries from MaxSet and not from how many there are', () => {
    const said = (component: string, variable: string, attributeValue: string, over: object = {}) => ({
      component: { name: component },
      variable: { name: variable },
      attributeStatus: 'Accepted',
      attributeValue,
      ...over,
    });
    const getVariableResult = [
      said('LocalAuthListCtrlr', 'Available', 'true'),
      said('LocalAuthListCtrlr', 'Enabled', 'TRUE'),
      said('LocalAuthListCtrlr', 'Entries', '3'),
      said('LocalAuthListCtrlr', 'Entries', '200', { attributeType: 'MaxSet' }),
      said('LocalAuthListCtrlr', 'ItemsPerMessage', '20'),
      said('LocalAuthListCtrlr', 'BytesPerMessage', '4096'),
      said('LocalAuthListCtrlr', 'SupportsExpiryDateTime', 'true'),
      said('AuthCacheCtrlr', 'Enabled', 'true'),
    ];
    expect(limitsOf('2.x', { getVariableResult })).toEqual({
      list: 'ON',
      cache: 'ON',
      maxEntries: 200,
      itemsPerMessage: 20,
      bytesPerMessage: 4096,
      expiry: true,
    });
  });

  it.each([
    ['1.6', { configurationKey: [{ key: 'LocalAuthListEnabled', readonly: false, value: 'false' }] }, 'OFF'],
    ['1.6', { unknownKey: ['LocalAuthListEnabled'] }, 'ON'],
    ['2.x', {}, 'ON'],
    [
      '2.x',
      {
        getVariableResult: [
          {
            component: { name: 'LocalAuthListCtrlr' },
            variable: { name: 'Available' },
            attributeStatus: 'Accepted',
            attributeValue: 'false',
          },
        ],
      },
      'NONE',
    ],
  ] as const)('of %s with %o is a list that is %s', (dialect, answer, list) => {
    expect(limitsOf(dialect, answer as never).list).toBe(list);
  });
});

describe('an answer of the station', () => {
  it.each([
    ['ACCEPTED', 'Accepted', '', 'APPLIED'],
    ['REJECTED', 'Failed', '', 'REFUSED'],
    ['REJECTED', 'VersionMismatch', '', 'REFUSED'],
    ['REJECTED', 'NotSupported', '', 'UNSUPPORTED'],
    ['CHARGER_ERROR', '', 'NotImplemented', 'UNSUPPORTED'],
    ['CHARGER_ERROR', '', 'InternalError', 'REFUSED'],
    ['UNSENDABLE', '', 'COMMAND_PAYLOAD_INVALID', 'REFUSED'],
    ['OFFLINE', '', '', 'AWAY'],
    ['UNREACHED', '', 'COMMAND_NOT_ROUTED', 'LATER'],
    ['UNKNOWN', '', '', 'UNKNOWN'],
  ])('%s %s%s means %s', (outcome, status, errorCode, verdict) => {
    expect(verdictOf({ outcome, status, errorCode })).toBe(verdict);
  });

  it.each([
    [-1, 4, 'NO_LISTS'],
    [0, 4, 'EMPTY'],
    [4, 4, 'SAME'],
    [5, 4, 'OTHER'],
    [5, undefined, 'OTHER'],
  ] as const)('version %s where we know %s is %s', (reported, known, standing) => {
    expect(standingOf({ reported, known })).toBe(standing);
  });

  it('is waited for longer with each failure, up to six hours', () => {
    expect([1, 2, 3, 4, 5, 99].map((attempts) => backOffMs(attempts) / 60_000)).toEqual([
      0.5, 2, 10, 60, 360, 360,
    ]);
  });
});

describe('a policy', () => {
  const policy = { enabled: true, groups: [' fleet ', 'fleet', ''], recentDays: 30, mostEntries: 100 };

  it('keeps each group once', () => {
    expect(checkedPolicy(policy).groups).toEqual(['fleet']);
  });

  it.each([
    { recentDays: -1 },
    { recentDays: 366 },
    { mostEntries: 0 },
    { mostEntries: 5_001 },
    { groups: Array.from({ length: 51 }, (_, i) => `g${i}`) },
  ])('with %o is refused', (over) => {
    expect(() => checkedPolicy({ ...policy, ...over })).toThrow();
  });
});
