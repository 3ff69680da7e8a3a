import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals } from '../judge.js';
import { result } from '../reply.js';
import { answeredCommands, commandCase, neverSent } from '../shared/command-case.js';
import { tokenOf } from '../shared/steps2.js';

const entries = ({ cards }: CaseContext): JsonObject[] => [
  {
    idToken: tokenOf(cards.card),
    idTokenInfo: { status: 'Accepted', groupIdToken: tokenOf(cards.group, 'Central') },
  },
  { idToken: tokenOf(cards.blocked), idTokenInfo: { status: 'Blocked' } },
];

const full = (context: CaseContext): JsonObject => ({
  versionNumber: 1,
  updateType: 'Full',
  localAuthorizationList: entries(context),
});

const version = (id: string, title: string, versionNumber: number): ConformanceCase =>
  commandCase({
    id,
    requirement: 'D02',
    title,
    action: 'GetLocalListVersion',
    payload: {},
    reply: result({ versionNumber }),
    then: async (_context, told) => {
      equals('the version', told.payload, { versionNumber });
    },
  });

export const D_LOCAL_LIST: readonly ConformanceCase[] = [
  ...answeredCommands('D01', [
    ['TC_D_01_CSMS', 'a full list is sent', 'SendLocalList', full],
    [
      'TC_D_02_CSMS',
      'a differential list adds and changes',
      'SendLocalList',
      (context) => ({
        versionNumber: 2,
        updateType: 'Differential',
        localAuthorizationList: entries(context),
      }),
    ],
    [
      'TC_D_03_CSMS',
      'a differential list removes: an entry without its state',
      'SendLocalList',
      ({ cards }) => ({
        versionNumber: 3,
        updateType: 'Differential',
        localAuthorizationList: [{ idToken: tokenOf(cards.blocked) }],
      }),
    ],
    [
      'TC_D_04_CSMS',
      'a full list without entries',
      'SendLocalList',
      { versionNumber: 4, updateType: 'Full' },
    ],
    ['TC_D_05_CSMS', 'the station has another version', 'SendLocalList', full, 'VersionMismatch'],
    ['TC_D_06_CSMS', 'the station cannot take the list', 'SendLocalList', full, 'Failed'],
  ]),
  version('TC_D_08_CSMS', 'the version of a list that is there', 7),
  version('TC_D_09_CSMS', 'no list: version 0', 0),
  neverSent(
    'TC_D_10_CSMS',
    'D01',
    'a list that breaks the schema never reaches the station',
    'SendLocalList',
    { versionNumber: 1, updateType: 'Half' },
  ),
];
