import { randomBytes } from 'node:crypto';
import type { VirtualCharger } from './virtual-charger.js';

/** What a car gets from a simulated contract pool. */
export interface CarContract {
  readonly emaid: string;
  /** Leaf first, PEM. */
  readonly chain: string;
}

export interface ContractAnswer {
  readonly status: string;
  readonly certificateStatus: string;
}

/** The car at a 2.0.1 charger asks for its contract certificate (M01). Only of a simulated pool: no EXI is spoken. */
export async function fetchContract(charger: VirtualCharger): Promise<CarContract> {
  const answer = await charger.call('Get15118EVCertificate', {
    iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef',
    action: 'Install',
    exiRequest: randomBytes(24).toString('base64'),
  });
  if (answer['status'] !== 'Accepted') {
    const { reasonCode, additionalInfo } = (answer['statusInfo'] ?? {}) as Record<string, string>;
    throw new Error(`the car got no contract: ${reasonCode ?? ''} ${additionalInfo ?? ''}`);
  }
  const { emaid, chain } = JSON.parse(
    Buffer.from(String(answer['exiResponse']), 'base64').toString(),
  ) as CarContract;
  return { emaid, chain };
}

/** The charger shows the contract with its chain (C07). */
export async function authorizeContract(
  charger: VirtualCharger,
  { emaid, chain }: CarContract,
): Promise<ContractAnswer> {
  const answer = await charger.call('Authorize', {
    idToken: { idToken: emaid, type: 'eMAID' },
    certificate: chain,
  });
  const { status } = (answer['idTokenInfo'] ?? {}) as { status?: string };
  return { status: status ?? '', certificateStatus: String(answer['certificateStatus'] ?? '') };
}
