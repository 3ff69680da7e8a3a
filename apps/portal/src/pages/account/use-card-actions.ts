import { useApi } from '../../api/api-context.js';
import {
  BlockMyTokenDocument,
  MyTokensDocument,
  TokenUsesDocument,
  UnblockMyTokenDocument,
} from '../../api/documents/cards.js';
import { StopSessionDocument } from '../../api/documents/session.js';
import { newKey } from '../../api/idempotency-key.js';
import { blockedText, type StopTold } from '../../words/card-words.js';
import type { Outcome } from '../../words/outcome-words.js';

export interface CardActions {
  /** Blocks the card, then stops what runs on it when that is wanted. Says what became of both. */
  readonly block: (tokenId: string, reason: string, stops: boolean) => Promise<Outcome>;
  readonly unblock: (tokenId: string) => Promise<void>;
}

/** What drivers do with their own cards. */
export function useCardActions(): CardActions {
  const { client } = useApi();
  const refetchQueries = [MyTokensDocument, TokenUsesDocument];
  const stop = async (sessionId: string): Promise<StopTold> => {
    const { data } = await client.mutate({
      mutation: StopSessionDocument,
      variables: { input: { sessionId, idempotencyKey: newKey() } },
    });
    const answer = data?.stopSession;
    return answer?.__typename === 'StopRefused' ? answer : 'STOPPED';
  };
  return {
    block: async (tokenId, reason, stops) => {
      const { data } = await client.mutate({
        mutation: BlockMyTokenDocument,
        variables: { input: { tokenId, reason } },
      });
      const running = data?.blockMyToken.token.openSessions ?? [];
      // The card is blocked whatever becomes of the sessions.
      const told = stops
        ? await Promise.all(running.map(({ id }) => stop(id).catch(() => 'UNKNOWN' as const)))
        : [];
      await client.refetchQueries({ include: refetchQueries });
      return blockedText(told, stops ? 0 : running.length);
    },
    unblock: async (tokenId) => {
      await client.mutate({
        mutation: UnblockMyTokenDocument,
        variables: { input: { tokenId } },
        refetchQueries,
      });
    },
  };
}
