import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { NoteTokenHolder } from '../../usecases/note-token-holder.js';

@Injectable()
export class TokenChangedConsumer implements EventHandler<auth.TokenChanged> {
  readonly event = events.tokenChanged;

  constructor(private readonly holders: NoteTokenHolder) {}

  handle(tx: Tx, { tokenId, accountId }: auth.TokenChanged, meta: EventMeta): Promise<void> {
    return this.holders.note(tx, meta.tenant, { tokenId, accountId, version: meta.aggregateVersion });
  }
}
