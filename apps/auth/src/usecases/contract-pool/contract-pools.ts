import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, Secret, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, EgressPolicy, type ConfigOf } from '@kilowatch/platform';
import { z } from 'zod';
import type { configShape } from '../../config.js';
import type { ContractPool } from './contract-pool.js';
import { OpcpPool } from './opcp-pool.js';
import { SimulatedPool } from './simulated-pool.js';

const webAddress = z.url({ protocol: /^https?$/ });
const pool = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('OPCP'),
    tenant: z.string().refine(isTenantId, 'is no tenant'),
    baseUrl: webAddress,
    contractPath: z.string().startsWith('/').default('/v1/ccp/signedContractData'),
    rootsPath: z.string().startsWith('/').default('/v1/root/rootCerts'),
    tokenUrl: webAddress,
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
    audience: z.string().optional(),
    scope: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('SIMULATED'),
    tenant: z.string().refine(isTenantId, 'is no tenant'),
    ocspUrl: webAddress.optional(),
  }),
]);

/** KW_CONTRACT_POOLS, a JSON list. Throws an error that names what is wrong, and no secret. */
export function readPools(text: string | undefined): z.infer<typeof pool>[] {
  if (text === undefined || text.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('KW_CONTRACT_POOLS is no JSON');
  }
  const read = z.array(pool).safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`KW_CONTRACT_POOLS: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const tenants = new Set(read.data.map(({ tenant }) => tenant));
  if (tenants.size !== read.data.length) throw new Error('KW_CONTRACT_POOLS names a tenant twice');
  return read.data;
}

/** The pool of each tenant that has one. */
@Injectable()
export class ContractPools {
  private readonly pools: ReadonlyMap<string, ContractPool>;

  constructor(
    @Inject(CONFIG) config: ConfigOf<typeof configShape>,
    egress: EgressPolicy,
    @Inject(CLOCK) clock: Clock,
  ) {
    const seed = config.KW_TOKEN_KEY.reveal();
    const now = () => clock.now();
    this.pools = new Map(
      readPools(config.KW_CONTRACT_POOLS?.reveal()).map((one) => [
        one.tenant,
        one.kind === 'SIMULATED'
          ? new SimulatedPool(seed, one.tenant, now, one.ocspUrl)
          : new OpcpPool({ ...one, clientSecret: new Secret(one.clientSecret) }, egress, () =>
              now().getTime(),
            ),
      ]),
    );
  }

  get tenants(): readonly string[] {
    return [...this.pools.keys()];
  }

  /** Of a simulated pool with a responder; undefined: there is none. */
  async ocsp(tenant: string, request: Uint8Array): Promise<Uint8Array | undefined> {
    const pool = this.pools.get(tenant);
    return pool instanceof SimulatedPool ? pool.ocsp(request) : undefined;
  }

  of(tenant: string): ContractPool | undefined {
    return this.pools.get(tenant);
  }
}
