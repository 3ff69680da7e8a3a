import { Inject, Injectable } from '@nestjs/common';
import { auth, events } from '@kilowatch/contracts';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { deviceName, type Device } from '../domain/device.js';
import type { Account } from '../persistence/account.repository.js';

export type MailKind =
  Exclude<keyof typeof auth.AccountMailKind, `${string}UNSPECIFIED`> extends `ACCOUNT_MAIL_KIND_${infer K}`
    ? K
    : never;

/** Asks notifications to write to somebody about their account; goes out once the transaction has committed. */
@Injectable()
export class AccountMails {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** `linkId`: of a one-time link that the mail is to carry; its secret goes through no event. */
  ask(tx: Tx, account: Pick<Account, 'tenant' | 'id'>, kind: MailKind, device?: Device, linkId = ''): void {
    const mailId = this.ids.newId();
    tx.publish(events.accountMailRequested, {
      aggregateId: mailId,
      aggregateVersion: 1,
      occurredAt: this.clock.now(),
      tenant: account.tenant,
      payload: {
        mailId,
        accountId: account.id,
        kind: auth.AccountMailKind[`ACCOUNT_MAIL_KIND_${kind}`],
        linkId,
        device: deviceName(device?.agent),
        address: device?.address ?? '',
      },
    });
  }
}
