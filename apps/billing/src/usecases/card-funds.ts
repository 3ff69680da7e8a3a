import { Injectable } from '@nestjs/common';
import type { Money } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import { saveCardLimit } from '../persistence/session-fund.repository.js';

export interface CardAnswer {
  readonly sessionId: string;
  readonly accountId: string;
  /** `amount`: authorised in all, not what was added last. */
  readonly asked: Money;
}

/**
 * What a card was asked for, for one session: that session lives on it alone, and no longer on the account's wallet or credit. In the
 * caller's transaction, any number of times; the last word counts. The session may not be known to billing yet.
 */
@Injectable()
export class CardFunds {
  /** More than before lets a session that is to be stopped go on; zero stops it. */
  async authorised(tx: Tx, tenant: string, { sessionId, accountId, asked }: CardAnswer): Promise<void> {
    const { amount: limit, currency } = asked;
    await saveCardLimit(tx, tenant, { sessionId, accountId, currency, limit });
    await nudgeFunds(tx, tenant, accountId);
  }
}
