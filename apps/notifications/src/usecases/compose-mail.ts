import { Inject, Injectable } from '@nestjs/common';
import { tenantId } from '@kilowatch/kernel';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { linkAddress } from '../domain/account-mail.js';
import { accountMailText } from '../domain/account-mail-text.js';
import { mailText } from '../domain/alert-text.js';
import { PEOPLE, type PeopleClient } from '../peers.js';
import type { DueDelivery } from '../persistence/delivery.repository.js';
import { FetchPapers } from './fetch-papers.js';
import type { Mail } from './mailer.js';

const ASKING_MS = 5_000;

/**
 * What a due delivery says. The secret of a link is asked of auth, and the papers of an invoice of billing, for each attempt; they are in the
 * mail and nowhere else.
 */
@Injectable()
export class ComposeMail {
  private readonly portal: string;

  constructor(
    @Inject(PEOPLE) private readonly people: PeopleClient,
    private readonly papers: FetchPapers,
    @Inject(CONFIG) config: ConfigOf<typeof configShape>,
  ) {
    this.portal = config.KW_PORTAL_URL.replace(/\/$/, '');
  }

  /** NOT_FOUND when a link of it opens nothing any more; UNAVAILABLE, TIMEOUT when auth or billing cannot be asked. */
  async run({ tenant, id, content, account, attempts: attempt }: DueDelivery): Promise<Mail> {
    const { accountId, locale, displayName: name, email: address } = account!;
    const reader = { locale, name };
    const to = { name, address };
    if ('alertId' in content) {
      const { kind, facts, alertId } = content;
      const { documentId } = facts;
      const wanted = { tenant, accountId, locale, attempt };
      const papers = documentId ? await this.papers.run({ ...wanted, documentId }) : undefined;
      const text = mailText(kind, facts, reader, `${this.portal}/alerts/${alertId}`, papers);
      return { id, to, ...text, attachments: papers?.attached ?? [] };
    }
    const { accountMail } = content;
    const link = accountMail.linkId
      ? linkAddress(this.portal, accountMail.kind, await this.tokenOf(tenant, accountMail.linkId))
      : undefined;
    return { id, to, ...accountMailText(accountMail, reader, link), attachments: [] };
  }

  private async tokenOf(tenant: string, linkId: string): Promise<string> {
    const options = { tenant: tenantId(tenant), deadlineMs: ASKING_MS, idempotent: true };
    return (await this.people.getLink({ linkId }, options)).token;
  }
}
