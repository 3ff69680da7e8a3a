import { Injectable } from '@nestjs/common';
import { auth, events } from '@kilowatch/contracts';
import { invalid } from '@kilowatch/kernel';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { ACCOUNT_MAIL_KINDS } from '../../domain/account-mail.js';
import { TakeAccountMail } from '../../usecases/take-account-mail.js';

@Injectable()
export class AccountMailRequestedConsumer implements EventHandler<auth.AccountMailRequested> {
  readonly event = events.accountMailRequested;
  readonly sideBySide = true;

  constructor(private readonly take: TakeAccountMail) {}

  async handle(tx: Tx, payload: auth.AccountMailRequested, meta: EventMeta): Promise<void> {
    const { mailId, accountId, linkId, device, address } = payload;
    const kind = ACCOUNT_MAIL_KINDS.find(
      (one) => auth.AccountMailKind[`ACCOUNT_MAIL_KIND_${one}`] === payload.kind,
    );
    if (!kind) throw invalid('NOTIFICATIONS_MAIL_KIND', 'This kind of mail is not known here.');
    const mail = { kind, linkId, device, address, at: meta.occurredAt.toISOString() };
    await this.take.run(tx, meta.tenant, { id: mailId, accountId, mail });
  }
}
