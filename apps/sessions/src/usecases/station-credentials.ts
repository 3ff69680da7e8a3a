import { Inject, Injectable } from '@nestjs/common';
import { toAppError, type TenantId } from '@kilowatch/kernel';
import { LOGGER, type Logger } from '@kilowatch/platform';
import type { EntryProblem, StationEntry } from '../domain/station-import.js';
import { AUTH, type AuthClient } from '../peers.js';

export interface CredentialToSet {
  readonly index: number;
  readonly id: string;
  readonly entry: StationEntry;
}

/** Auth hashes passwords with argon2id: a few at a time. */
const AT_ONCE = 4;

/** Hands what a station must present to auth, which alone keeps it. */
@Injectable()
export class StationCredentials {
  constructor(
    @Inject(AUTH) private readonly peer: AuthClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Idempotent; what auth could not take is a problem of that entry. */
  async set(
    tenant: TenantId,
    stations: readonly CredentialToSet[],
  ): Promise<(EntryProblem & { index: number })[]> {
    const problems: (EntryProblem & { index: number })[] = [];
    const queue = [...stations];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const problem = await this.setOne(tenant, next);
        if (problem) problems.push({ index: next.index, ...problem });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return problems;
  }

  /** Throws what auth throws. */
  async setSubprotocols(tenant: TenantId, stationId: string, subprotocols: readonly string[]): Promise<void> {
    await this.peer.setStationSubprotocols(
      { stationId, subprotocols: [...subprotocols] },
      { tenant, idempotent: true },
    );
  }

  /** Null: as its model says. Throws what auth throws. */
  async setPinged(tenant: TenantId, stationId: string, pinged: boolean | null): Promise<void> {
    await this.peer.setStationPings({ stationId, pinged: pinged ?? undefined }, { tenant, idempotent: true });
  }

  private async setOne(tenant: TenantId, { id, entry }: CredentialToSet): Promise<EntryProblem | undefined> {
    try {
      await this.peer.setStationCredential(
        {
          stationId: id,
          identity: entry.identity,
          securityProfile: entry.securityProfile,
          password: entry.password,
          allowMissingSubprotocol: entry.allowMissingSubprotocol,
          factoryCredentials: entry.factoryCredentials,
        },
        { tenant, idempotent: true, deadlineMs: 10_000 },
      );
      return undefined;
    } catch (thrown) {
      const error = toAppError(thrown);
      this.log.warn({ code: error.code, stationId: id }, 'credential of a station was not stored');
      return { code: error.code, message: error.publicText };
    }
  }
}
