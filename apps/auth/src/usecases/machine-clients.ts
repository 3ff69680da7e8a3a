import { Inject, Injectable } from '@nestjs/common';
import { precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  IDS,
  isScope,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import {
  checkedClientName,
  checkedGraceHours,
  checkedScopes,
  clientSecret,
  SECRET_BYTES,
  type MachineClient,
} from '../domain/machine-client.js';
import {
  insertMachineClient,
  listMachineClients,
  lockMachineClient,
  saveMachineClient,
} from '../persistence/machine-client.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { KeyedHash } from './keyed-hash.js';

export type { MachineClient };

/** A client with its secret, which is shown this once. */
export interface IssuedClient {
  readonly client: MachineClient;
  readonly secret: string;
}

export function clientSecretHash(hash: KeyedHash, clientId: string, secret: string): Buffer {
  return hash.of('client secret', clientId, secret);
}

/** Administrators make, renew and revoke machine clients. */
@Injectable()
export class MachineClients {
  constructor(
    private readonly database: Database,
    private readonly hash: KeyedHash,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  list({ tenant }: Principal, page: { limit: number; after: SortKey | undefined }): Promise<MachineClient[]> {
    return this.database.read(tenantScope(tenant), (tx) => listMachineClients(tx, tenant, page));
  }

  async create(
    principal: Principal,
    wanted: { name: string; scopes: readonly string[] },
    address: string | undefined,
  ): Promise<IssuedClient> {
    const { tenant } = principal;
    const id = this.ids.newId();
    const secret = this.newSecret();
    const client: MachineClient = {
      tenant,
      id,
      name: checkedClientName(wanted.name),
      scopes: checkedScopes(wanted.scopes, isScope),
      secretHash: clientSecretHash(this.hash, id, secret),
      previousHash: undefined,
      previousUntil: undefined,
      createdAt: this.clock.now(),
      lastUsedAt: undefined,
      revokedAt: undefined,
    };
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      await insertMachineClient(tx, client);
      await this.note(tx, principal, client, 'client.created', address, {
        details: { name: client.name, scopes: client.scopes.join(' ') },
      });
    });
    return { client, secret };
  }

  /** A new secret; the old one goes on for `graceHours`, so that programs can change over. */
  async rotate(
    principal: Principal,
    wanted: { clientId: string; graceHours: number },
    address: string | undefined,
  ): Promise<IssuedClient> {
    const graceHours = checkedGraceHours(wanted.graceHours);
    const secret = this.newSecret();
    return this.change(principal, wanted.clientId, async (tx, held) => {
      if (held.revokedAt)
        throw precondition('AUTH_CLIENT_REVOKED', 'This client is revoked: make a new one.');
      const grace = graceHours > 0;
      const client: MachineClient = {
        ...held,
        secretHash: clientSecretHash(this.hash, held.id, secret),
        previousHash: grace ? held.secretHash : undefined,
        previousUntil: grace ? new Date(this.clock.now().getTime() + graceHours * 3_600_000) : undefined,
      };
      await saveMachineClient(tx, client);
      await this.note(tx, principal, client, 'client.secret_rotated', address, { details: { graceHours } });
      return { client, secret };
    });
  }

  /** For good. Tokens that are out are refused within seconds. Again: nothing changes. */
  async revoke(
    principal: Principal,
    wanted: { clientId: string; reason: string },
    address: string | undefined,
  ): Promise<MachineClient> {
    return this.change(principal, wanted.clientId, async (tx, held) => {
      if (held.revokedAt) return held;
      const client = {
        ...held,
        revokedAt: this.clock.now(),
        previousHash: undefined,
        previousUntil: undefined,
      };
      await saveMachineClient(tx, client);
      await this.note(tx, principal, client, 'client.revoked', address, { reason: wanted.reason });
      return client;
    });
  }

  private change<T>(
    { tenant }: Principal,
    id: string,
    fn: (tx: Tx, held: MachineClient) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(tenantScope(tenant), async (tx) =>
      fn(tx, await lockMachineClient(tx, tenant, id)),
    );
  }

  private note(
    tx: Tx,
    principal: Principal,
    { tenant, id }: MachineClient,
    action: string,
    address: string | undefined,
    more: { reason?: string; details?: Readonly<Record<string, string | number>> },
  ): Promise<void> {
    const by = actorOf(principal, address);
    return this.audit.write(tx, { tenant, by, action, target: { kind: 'client', id }, ...more });
  }

  private newSecret(): string {
    return clientSecret(this.ids.token(SECRET_BYTES));
  }
}
