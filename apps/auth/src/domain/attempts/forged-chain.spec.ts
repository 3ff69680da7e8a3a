import { describe, expect, it } from 'vitest';
import { forgedChain, type Showing } from './forged-chain.js';

const HASH = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const showing = (certificatePem: string, hashes: Showing['evidence']['hashes'] = []): Showing => ({
  id: 'c1',
  tokenHash: '00',
  tokenMasked: '****',
  stationId: 's1',
  reason: 'chain_signature_bad',
  serial: '',
  evidence: { certificatePem, hashes },
  at: new Date('2026-03-01T10:00:00Z'),
});

describe('what is kept of a forged chain', () => {
  it('is no more than a message of OCPP may hold, and storable', () => {
    const { pem } = forgedChain(showing(`\u0000${'x'.repeat(20_000)}`));
    expect(pem).toHaveLength(10_000);
    expect(pem).not.toContain('\u0000');
    const { hashData } = forgedChain(
      showing('', Array(9).fill({ ...HASH, serialNumber: 'f'.repeat(5_000) })),
    );
    expect(hashData).toHaveLength(4);
    expect(hashData[0]!.serialNumber).toHaveLength(128);
  });

  it('is the PEM alone when both were shown: it alone was judged', () => {
    expect(forgedChain(showing('PEM', [HASH])).hashData).toEqual([]);
    expect(forgedChain(showing('', [HASH])).hashData).toEqual([HASH]);
  });

  it('is the same when the same is shown again', () => {
    const first = forgedChain(showing('PEM'));
    const again = forgedChain({ ...showing('PEM'), id: 'c2', at: new Date('2026-03-02T10:00:00Z') });
    expect(again.digest).toEqual(first.digest);
    expect(forgedChain(showing('OTHER')).digest).not.toEqual(first.digest);
  });
});
