import type { Tx } from '@kilowatch/platform';
import { expect, it } from 'vitest';
import type { DecisionRow } from '../persistence/decision.repository.js';
import { announceDecision, type DecisionTraits } from './announce-decision.js';

const decidedAt = new Date('2026-11-29T10:00:00Z');
const decision = (id: string): DecisionRow => ({
  tenant: 'demo',
  id,
  decisionKey: '',
  stationId: 's1',
  evseNumber: 1,
  tokenId: '',
  accountId: '',
  tokenMasked: '****0001',
  tokenHash: Buffer.from('00', 'hex'),
  tokenType: 'ISO14443',
  purpose: 'AUTHORIZE',
  status: 'UNKNOWN',
  reason: 'token_unknown',
  groupId: '',
  cacheExpiry: undefined,
  evseNumbers: [],
  language: '',
  certificateStatus: '',
  weak: false,
  policyVersion: '1',
  offline: false,
  ocppMessageId: '',
  occurredAt: decidedAt,
  decidedAt,
});
const traits: DecisionTraits = {
  nextUidHashes: [],
  randomUid: false,
  openStationIds: Array.from({ length: 20 }, (_, i) => `s${i}`),
  tokenShared: false,
  certificateSerial: '',
  contractUnverified: false,
  remoteStart: false,
};

it('tells the decisions of a transaction in one event, each with its own time, and of one alone by itself', async () => {
  const told: { aggregateId: string; decisions: readonly string[] }[] = [];
  const tx = {
    local: new Map<object, unknown>(),
    publish: (_type: unknown, event: { aggregateId: string; payload: { decisions: unknown[] } }) => {
      const decisions = event.payload.decisions as {
        decisionId: string;
        decidedAt: Date;
        openStationIds: [];
      }[];
      for (const one of decisions) {
        expect(one.decidedAt).toEqual(decidedAt);
        expect(one.openStationIds).toHaveLength(8);
      }
      told.push({ aggregateId: event.aggregateId, decisions: decisions.map((one) => one.decisionId) });
      return '';
    },
  } as unknown as Tx;
  await Promise.all(
    ['d3', 'd1', 'd2'].map((id) => announceDecision(tx, 'demo', { decision: decision(id), traits })),
  );
  await announceDecision(tx, 'demo', { decision: decision('d4'), traits });
  expect(told).toEqual([
    { aggregateId: 'd1', decisions: ['d1', 'd2', 'd3'] },
    { aggregateId: 'd4', decisions: ['d4'] },
  ]);
});
