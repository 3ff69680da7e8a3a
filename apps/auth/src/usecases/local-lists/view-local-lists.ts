import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey, type Tx } from '@kilowatch/platform';
import {
  countBlockStates,
  listBlockStates,
  type BlockRow,
  type BlockState,
} from '../../persistence/block-progress.repository.js';
import { countHeld } from '../../persistence/local-list-entry.repository.js';
import { listPolicies, type StoredPolicy } from '../../persistence/local-list-policy.repository.js';
import {
  countStates,
  findLists,
  listLists,
  type ListState,
  type LocalList,
} from '../../persistence/local-list.repository.js';
import { findTokens, type Token } from '../../persistence/token.repository.js';
import { chargeable } from '../../persistence/wanted-token.repository.js';

export type { BlockRow, BlockState, ListState, StoredPolicy };
export type ShownList = LocalList & { readonly entries: number };
type Page = { readonly limit: number; readonly after: SortKey | undefined };

/** Local lists of the tenant's stations and how far a block has come, for operators. */
@Injectable()
export class ViewLocalLists {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list({ tenant }: Principal, page: Page, state: ListState | undefined): Promise<ShownList[]> {
    return this.read(tenant, async (tx) =>
      this.counted(tx, tenant, await listLists(tx, tenant, page, state)),
    );
  }

  states({ tenant }: Principal): Promise<ReadonlyMap<ListState, number>> {
    return this.read(tenant, (tx) => countStates(tx, tenant));
  }

  async ofStations({ tenant }: Principal, stationIds: readonly string[]): Promise<Map<string, ShownList>> {
    const lists = await this.read(tenant, async (tx) =>
      this.counted(tx, tenant, await findLists(tx, tenant, stationIds)),
    );
    return new Map(lists.map((list) => [list.stationId, list]));
  }

  policies({ tenant }: Principal): Promise<StoredPolicy[]> {
    return this.read(tenant, (tx) => listPolicies(tx, tenant));
  }

  /** Of a token that may charge nothing is to be confirmed: no stations. */
  async blockProgress(
    { tenant }: Principal,
    tokenId: string,
  ): Promise<{ token: Token; mayCharge: boolean; counts: ReadonlyMap<BlockState, number> }> {
    const now = this.clock.now();
    return this.read(tenant, async (tx) => {
      const [token] = await findTokens(tx, tenant, [tokenId]);
      if (!token) throw notFound('AUTH_TOKEN', 'There is no such token.');
      const mayCharge = (await chargeable(tx, tenant, [tokenId], now)).has(tokenId);
      const counts = mayCharge ? new Map() : await countBlockStates(tx, tenant, tokenId, now);
      return { token, mayCharge, counts };
    });
  }

  blockStations(
    { tenant }: Principal,
    tokenId: string,
    page: Page,
    states: readonly BlockState[],
  ): Promise<BlockRow[]> {
    const now = this.clock.now();
    return this.read(tenant, (tx) => listBlockStates(tx, tenant, tokenId, { ...page, now, states }));
  }

  private async counted(tx: Tx, tenant: string, lists: readonly LocalList[]): Promise<ShownList[]> {
    const counts = await countHeld(
      tx,
      tenant,
      lists.map(({ stationId }) => stationId),
    );
    return lists.map((list) => ({ ...list, entries: counts.get(list.stationId) ?? 0 }));
  }

  private read<T>(tenant: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(tenant), fn);
  }
}
