import type { PooledContract } from '../../domain/contract-delivery.js';

export interface InstallationRequest {
  /** Of ISO 15118: urn:iso:15118:2:2013:MsgDef, urn:iso:std:iso:15118:-20:CommonMessages. */
  readonly schemaVersion: string;
  /** Base64 of EXI: only the pool reads it. */
  readonly exiRequest: string;
}

export interface PooledRoot {
  readonly der: Uint8Array;
  readonly purpose: 'V2G' | 'MO' | 'OEM';
  readonly schemaVersion: string;
}

/** Where contract certificates come from: a pool of mobility operators (PCP/CCP/CPS of VDE-AR-E 2802-100-1). */
export interface ContractPool {
  /**
   * The contracts of the car that made the request, best first; none: the pool knows no contract of it. Throws UNAVAILABLE or TIMEOUT
   * when the pool cannot be asked, PRECONDITION when it answers what cannot be read.
   */
  contractsOf(request: InstallationRequest): Promise<readonly PooledContract[]>;
  /** Roots that the pool vouches for. Nobody trusts them before a person of the tenant approved them. */
  roots(): Promise<readonly PooledRoot[]>;
}
