import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { readTicket, ticketText, type Ticket } from '../domain/ticket.js';
import { insertSpentTicket } from '../persistence/spent-ticket.repository.js';
import { Vault } from './vault.js';

export type { Ticket };

export const TICKET_MINUTES = 5;

/** Makes and takes tickets (domain/ticket.ts). */
@Injectable()
export class Tickets {
  private readonly key: Buffer;

  constructor(
    vault: Vault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {
    this.key = vault.key('tickets');
  }

  issue(kind: string, about: { tenant: string; accountId: string }): { text: string; expiresAt: Date } {
    const issuedAt = this.clock.now();
    const expiresAt = new Date(issuedAt.getTime() + TICKET_MINUTES * 60_000);
    const { tenant, accountId } = about;
    const ticket = { kind, tenant, accountId, issuedAt, expiresAt, nonce: this.ids.token(16) };
    return { text: ticketText(ticket, this.key), expiresAt };
  }

  read(kind: string, text: string): Ticket | undefined {
    return readTicket(text, kind, this.key, this.clock.now());
  }

  /** False when it was spent before. The transaction that spends it does what it was for. */
  spend(tx: Tx, tenant: string, text: string, expiresAt: Date): Promise<boolean> {
    return insertSpentTicket(tx, { tenant, hash: createHash('sha256').update(text).digest(), expiresAt });
  }
}
