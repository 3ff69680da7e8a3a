import type { ConformanceCase } from '../conformance-case.js';
import { equals, must } from '../judge.js';
import { answeredCommands } from '../shared/command-case.js';
import {
  authorize,
  cardStatus,
  endedWith,
  started,
  stopped,
  tokenOf,
  Transaction,
} from '../shared/steps2.js';

const refused = (
  id: string,
  which: 'unknown' | 'expired' | 'blocked',
  words: readonly string[],
): ConformanceCase => ({
  id,
  requirement: 'C01',
  title: `a card that is ${which} is refused, in Authorize and in the transaction`,
  run: async (context) => {
    const card = context.cards[which];
    const info = await authorize(context, card);
    must(words.includes(String(info['status'])), `the card is ${String(info['status'])}`);
    must(!('cacheExpiryDateTime' in info), 'a refusal is given a time in the cache');
    const transaction = new Transaction(context);
    const answer = await transaction.start({ trigger: 'Authorized', minutes: 2, wh: 1_000, card });
    must(words.includes(String(cardStatus(answer))), `the card is ${String(cardStatus(answer))}`);
    await stopped(transaction, 'Deauthorized', 'DeAuthorized', { wh: 1_000 });
    await context.session(transaction.id, ({ state }) => state === 'ENDED', 'ENDED');
  },
});

const ofType = (id: string, type: string): ConformanceCase => ({
  id,
  requirement: 'C01',
  title: `a card told as ${type} is the card it is`,
  run: async (context) => {
    const { idTokenInfo } = await context.call('Authorize', {
      idToken: tokenOf(context.cards.card, type),
    });
    equals('the card', (idTokenInfo as { status: string }).status, 'Accepted');
  },
});

export const C_AUTHORISATION: readonly ConformanceCase[] = [
  {
    id: 'TC_C_01_CSMS',
    requirement: 'C01',
    title: 'a card that may charge: accepted, with its group and how long it may be cached',
    run: async (context) => {
      const info = await authorize(context, context.cards.card);
      equals('status', info['status'], 'Accepted');
      equals('the group', (info['groupIdToken'] as { idToken: string }).idToken, context.cards.group);
      must(Date.parse(String(info['cacheExpiryDateTime'])) > Date.now(), 'it may not be cached');
    },
  },
  refused('TC_C_02_CSMS', 'unknown', ['Unknown', 'Invalid']),
  refused('TC_C_06_CSMS', 'blocked', ['Blocked']),
  refused('TC_C_07_CSMS', 'expired', ['Expired']),
  {
    id: 'TC_C_08_CSMS',
    requirement: 'C12',
    title: 'started with a cached card, without Authorize',
    run: async (context) => {
      const transaction = await started(context);
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_C_09_CSMS',
    requirement: 'C02',
    title: 'the start button (NoAuthorization) is not accepted: nobody would pay',
    run: async (context) => {
      const { idTokenInfo } = await context.call('Authorize', {
        idToken: tokenOf('', 'NoAuthorization'),
      });
      equals('status', (idTokenInfo as { status: string }).status, 'Invalid');
    },
  },
  {
    id: 'TC_C_10_CSMS',
    requirement: 'C02',
    title: 'a transaction by the start button is judged like its Authorize, and recorded',
    run: async (context) => {
      const transaction = new Transaction(context);
      const card = tokenOf('', 'NoAuthorization');
      const answer = await transaction.start({ trigger: 'Authorized', wh: 1_000, card });
      equals('the button, which is off', cardStatus(answer), 'Invalid');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  ...answeredCommands('C11', [
    ['TC_C_37_CSMS', 'the cache is cleared', 'ClearCache', {}],
    ['TC_C_38_CSMS', 'the station rejects to clear its cache', 'ClearCache', {}, 'Rejected'],
  ]),
  {
    id: 'TC_C_39_CSMS',
    requirement: 'C09',
    title: 'stopped with another card of the same group',
    run: async (context) => {
      const transaction = await started(context);
      const fellow = await authorize(context, context.cards.fellow);
      equals('the group', (fellow['groupIdToken'] as { idToken: string }).idToken, context.cards.group);
      const answer = await stopped(transaction, 'StopAuthorized', 'Local', { card: context.cards.fellow });
      equals('the card', cardStatus(answer), 'Accepted');
      await endedWith(context, transaction, 5_000, 'Local');
    },
  },
  {
    id: 'TC_C_40_CSMS',
    requirement: 'C09',
    title: 'a card of another group is not told the group of the one that charges',
    run: async (context) => {
      await started(context);
      const info = await authorize(context, context.cards.unknown);
      must(!('groupIdToken' in info), 'it has a group');
    },
  },
  {
    id: 'TC_C_41_CSMS',
    requirement: 'C01',
    title: 'a card that charges elsewhere: ConcurrentTx',
    run: async (context) => {
      await started(context);
      const other = new Transaction(context, 2);
      const answer = await other.start({
        trigger: 'Authorized',
        wh: 1,
        minutes: 5,
        card: context.cards.card,
      });
      equals('the card', cardStatus(answer), 'ConcurrentTx');
    },
  },
  ofType('TC_C_43_CSMS', 'ISO15693'),
  ofType('TC_C_44_CSMS', 'Local'),
  ofType('TC_C_45_CSMS', 'KeyCode'),
  {
    id: 'TC_C_47_CSMS',
    requirement: 'C16',
    title: 'stopped with the master pass',
    run: async (context) => {
      const transaction = await started(context);
      await stopped(transaction, 'StopAuthorized', 'MasterPass');
      await endedWith(context, transaction, 5_000, 'MasterPass');
    },
  },
  {
    id: 'TC_C_50_CSMS',
    requirement: 'C07',
    title: 'plug and charge: the hashes of an unknown contract are refused in the words of the schema',
    run: async (context) => {
      const answer = await context.call('Authorize', {
        idToken: tokenOf('NLKWTC0000000001', 'eMAID'),
        iso15118CertificateHashData: [
          {
            hashAlgorithm: 'SHA256',
            issuerNameHash: 'aa'.repeat(32),
            issuerKeyHash: 'bb'.repeat(32),
            serialNumber: '12',
            responderURL: 'http://ocsp.example.org',
          },
        ],
      });
      must(cardStatus(answer) !== 'Accepted', 'an unknown contract may charge');
    },
  },
];
