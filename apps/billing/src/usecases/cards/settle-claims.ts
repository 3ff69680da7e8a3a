import { Inject, Injectable } from '@nestjs/common';
import { ZERO, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { postClaimFromWallet } from '../../domain/card-ledger.js';
import { lostClaims, updateChargeback } from '../../persistence/chargeback.repository.js';
import { insertPosting, walletBalance } from '../../persistence/ledger.repository.js';
import { announceWallet } from '../announce-wallet.js';

/** What banks took back and no invoice owes is paid by the wallet, once the chargeback is lost. */
@Injectable()
export class SettleClaims {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Oldest first, as far as the balance goes. The caller holds the wallet and has paid invoices. */
  async fromWallet(tx: Tx, tenant: string, accountId: string, currency: string): Promise<void> {
    for (const held of await lostClaims(tx, tenant, accountId, currency)) {
      const balance = await walletBalance(tx, tenant, { accountId, currency });
      if (!balance.gt('0')) return;
      const amount = balance.lt(held.claim) ? balance : held.claim;
      const now = this.clock.now();
      const version = held.version + 1;
      const money = { accountId, currency, reference: `${held.id}/${version}` };
      await insertPosting(
        tx,
        tenant,
        postClaimFromWallet(money, amount, { id: this.ids.newId(), postedAt: now }),
      );
      const claim = held.claim.minus(amount);
      await updateChargeback(tx, { ...held, claim: claim.gt('0') ? claim : ZERO, version, updatedAt: now });
      await announceWallet(tx, tenant, { accountId, currency }, now);
    }
  }
}
