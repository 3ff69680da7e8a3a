import type { ConformanceCase } from '../conformance-case.js';
import { equals } from '../judge.js';
import { result } from '../reply.js';
import type { CaseContext } from '../case-context.js';
import { commandCase, neverSent } from '../shared/command-case.js';

const full = ({ cards }: CaseContext) => ({
  listVersion: 1,
  updateType: 'Full',
  localAuthorizationList: [
    { idTag: cards.card, idTagInfo: { status: 'Accepted', parentIdTag: cards.group } },
    { idTag: cards.blocked, idTagInfo: { status: 'Blocked' } },
  ],
});

const refused = (id: string, word: string, title: string): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.15',
    title,
    action: 'SendLocalList',
    payload: full,
    word,
  });

const version = (id: string, title: string, listVersion: number): ConformanceCase =>
  commandCase({
    id,
    requirement: '5.10',
    title,
    action: 'GetLocalListVersion',
    payload: {},
    reply: result({ listVersion }),
    then: async (_context, told) => {
      equals('the version', told.payload, { listVersion });
    },
  });

export const LOCAL_LIST: readonly ConformanceCase[] = [
  version('TC_042_1_CSMS', 'a station without local lists says version -1', -1),
  version('TC_042_2_CSMS', 'an empty local list has version 0', 0),
  version('TC_042_3_CSMS', 'the version of a list that is there', 7),
  refused('TC_043_1_CSMS', 'NotSupported', 'a list to a station without local lists'),
  refused('TC_043_2_CSMS', 'VersionMismatch', 'a list of the wrong version'),
  refused('TC_043_3_CSMS', 'Failed', 'a list that the station cannot take'),
  commandCase({
    id: 'TC_043_4_CSMS',
    requirement: '5.15',
    title: 'a full list is sent',
    action: 'SendLocalList',
    payload: full,
    word: 'Accepted',
  }),
  commandCase({
    id: 'TC_043_5_CSMS',
    requirement: '5.15',
    title: 'a differential list: an entry with its card is added, one without is removed',
    action: 'SendLocalList',
    payload: ({ cards }) => ({
      listVersion: 2,
      updateType: 'Differential',
      localAuthorizationList: [
        { idTag: cards.fellow, idTagInfo: { status: 'Accepted' } },
        { idTag: cards.blocked },
      ],
    }),
    word: 'Accepted',
  }),
  commandCase({
    id: 'KW_16_021_CSMS',
    requirement: '5.15',
    title: 'a full list without entries empties the list',
    action: 'SendLocalList',
    payload: { listVersion: 3, updateType: 'Full' },
    word: 'Accepted',
  }),
  neverSent(
    'KW_16_022_CSMS',
    '5.15',
    'a list that breaks the schema never reaches the station',
    'SendLocalList',
    { listVersion: 1, updateType: 'Half' },
  ),
];
