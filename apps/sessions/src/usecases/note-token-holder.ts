import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { TokenHolderRepository } from '../persistence/token-holder.repository.js';

/** Keeps whose token is whose, for operators who start for a token's holder. */
@Injectable()
export class NoteTokenHolder {
  constructor(private readonly holders: TokenHolderRepository) {}

  note(
    tx: Tx,
    tenant: string,
    token: { tokenId: string; accountId: string; version: number },
  ): Promise<void> {
    return this.holders.save(tx, tenant, token.tokenId, token.accountId, token.version);
  }
}
