import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, LOGGER, type ConfigOf, type Logger, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import type { AccountMail } from '../domain/account-mail.js';
import { insertAccountMail } from '../persistence/delivery.repository.js';

/** Takes over what auth wants written to somebody. The id of the mail is that of the delivery: never twice. */
@Injectable()
export class TakeAccountMail {
  private readonly mails: boolean;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) config: ConfigOf<typeof configShape>,
  ) {
    this.mails = config.KW_SMTP_URL !== undefined;
  }

  async run(
    tx: Tx,
    tenant: string,
    asked: { id: string; accountId: string; mail: AccountMail },
  ): Promise<void> {
    if (!this.mails) {
      this.log.warn({ kind: asked.mail.kind }, 'a mail about an account is not sent: e-mail is not set up');
      return;
    }
    await insertAccountMail(tx, tenant, { ...asked, dueAt: this.clock.now() });
  }
}
