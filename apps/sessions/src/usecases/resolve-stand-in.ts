import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { Clock, TenantId } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { RemoteStartRepository } from '../persistence/remote-start.repository.js';
import { requireStationId } from '../persistence/situation.repository.js';
import { DecideToken } from './decide-token.js';
import { tokenHash } from './token-hash.js';

/**
 * Q44: a station that is told a tag of its own may ask whether that tag is welcome before it starts, on whatever connection. The
 * requests that wait for their start say for whom it stands; when several people wait at once, nobody can tell before the start.
 */
@Injectable()
export class ResolveStandIn {
  constructor(
    private readonly database: Database,
    private readonly remoteStarts: RemoteStartRepository,
    private readonly tokens: DecideToken,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async resolve(
    tenant: TenantId,
    { stationId, idToken, receivedAt }: sessions.ResolveStandInRequest,
  ): Promise<sessions.ResolveStandInResponse> {
    requireStationId(stationId);
    if (!idToken?.value) return { standsFor: undefined };
    const tagHash = tokenHash(tenant, idToken.value);
    const at = receivedAt ?? this.clock.now();
    const accounts = await this.database.read(tenantScope(tenant), (tx) =>
      this.remoteStarts.accountsBehind(tx, tenant, { stationId, tagHash, at }),
    );
    const [account] = accounts;
    if (account === undefined || accounts.length > 1) return { standsFor: undefined };
    const meant = await this.tokens.appTokenOf(tenant, account, tagHash);
    return { standsFor: meant?.idToken };
  }
}
