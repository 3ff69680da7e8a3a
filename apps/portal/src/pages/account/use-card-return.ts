import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../api/api-context.js';
import { FinishCardSetupDocument, PaymentCardsDocument } from '../../api/documents/payment-cards.js';
import { errorSentence } from '../../api/error-text.js';
import type { Outcome } from '../../words/outcome-words.js';
import { setupOutcome } from '../../words/payment-card-words.js';

/** Where the provider's pages lead back to; set up as such (`KW_CARD_RETURN_URLS`). */
export const PAYMENT_PATH = '/account/payment';

const LOOKS = 5;
const PAUSE_MS = 2_000;

/** Back from the page of the provider: asks what came of it, a few times while nothing did. Undefined: nobody came back. */
export function useCardReturn(): Outcome | undefined {
  const { client } = useApi();
  const [outcome, setOutcome] = useState<Outcome>();
  // React may run effects twice in development, and the address says it once.
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    const query = new URLSearchParams(window.location.search);
    const setupId = query.get('cardSetup');
    if (!setupId) return;
    window.history.replaceState(window.history.state, '', PAYMENT_PATH);
    const looks = query.get('page') === 'done' ? LOOKS : 1;
    const look = async (left: number): Promise<void> => {
      const { data } = await client.mutate({
        mutation: FinishCardSetupDocument,
        variables: { input: { setupId } },
        refetchQueries: [PaymentCardsDocument],
      });
      const state = data?.finishCardSetup.state ?? 'OPEN';
      setOutcome(setupOutcome(state));
      if (state !== 'OPEN' || left <= 1) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await look(left - 1);
    };
    look(looks).catch((error: unknown) => setOutcome({ tone: 'bad', text: errorSentence(error) }));
  }, [client]);
  return outcome;
}
