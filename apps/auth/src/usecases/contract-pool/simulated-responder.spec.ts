import { certificateId, encodeOcspRequest, readCertificatesPem, verifyOcspResponse } from '@kilowatch/trust';
import { describe, expect, it } from 'vitest';
import { SimulatedPool, type SimulatedContract } from './simulated-pool.js';

const NOW = new Date('2026-06-01T12:00:00.500Z');
const URL_OF_POOL = 'http://127.0.0.1:1/simulated-pool/demo/ocsp';
const pool = (seed = 'secret', url: string | undefined = URL_OF_POOL) =>
  new SimulatedPool(seed, 'demo', () => NOW, url);

async function contractOf(from: SimulatedPool) {
  const asked = { schemaVersion: '', update: false, exiRequest: 'AAAA' };
  const [contract] = await from.contractsOf(asked as never);
  const { chain } = JSON.parse(Buffer.from(contract!.exiResponse, 'base64').toString()) as SimulatedContract;
  const [leaf, root] = readCertificatesPem(chain);
  return { leaf: leaf!, root: root! };
}

describe('the responder of a simulated pool', () => {
  it.each(['SHA1', 'SHA256', 'SHA384', 'SHA512'] as const)(
    'says good of its contracts, asked with %s, in answers that are believed',
    async (hash) => {
      const simulated = pool();
      const nonce = new Uint8Array(32).fill(7);
      for (let i = 0; i < 20; i += 1) {
        const { leaf, root } = await contractOf(simulated);
        expect(leaf.ocspUrls).toEqual([URL_OF_POOL]);
        const request = encodeOcspRequest(certificateId(leaf, root, hash), nonce);
        const question = { serial: leaf.serial, issuer: root, nonce, at: NOW, maxAgeMs: 3_600_000 };
        const answer = verifyOcspResponse((await simulated.ocsp(request))!, question);
        expect(answer).toMatchObject({ status: 'GOOD', nonced: true });
      }
    },
  );

  it('knows no certificates of others', async () => {
    const { leaf, root } = await contractOf(pool('another secret'));
    const response = await pool().ocsp(
      encodeOcspRequest(certificateId(leaf, root, 'SHA256'), new Uint8Array(32)),
    );
    const own = await contractOf(pool());
    const question = { serial: leaf.serial, issuer: own.root, at: NOW, maxAgeMs: 3_600_000 };
    expect(verifyOcspResponse(response!, question)).toMatchObject({
      status: 'UNUSABLE',
      code: 'OTHER_CERTIFICATE',
    });
  });

  it('refuses what is no question, and is not there where contracts name none', async () => {
    const { leaf, root } = await contractOf(pool());
    const question = { serial: leaf.serial, issuer: root, at: NOW, maxAgeMs: 3_600_000 };
    const refused = await pool().ocsp(Buffer.from('nonsense'));
    expect(verifyOcspResponse(refused!, question)).toMatchObject({
      status: 'UNUSABLE',
      code: 'RESPONDER_REFUSED',
    });
    const silent = new SimulatedPool('secret', 'demo', () => NOW);
    expect(await silent.ocsp(new Uint8Array())).toBeUndefined();
    expect((await contractOf(silent)).leaf.ocspUrls).toEqual([]);
  });
});
