import type { TariffHistoryQuery } from '../api/documents/tariffs.js';
import type { Tone, Word } from './session-words.js';

type State = TariffHistoryQuery['tariffVersions']['edges'][number]['node']['state'];

export const VERSION_STATES: Readonly<Record<State, { readonly text: string; readonly tone: Tone }>> = {
  PLANNED: { text: 'Planned', tone: 'info' },
  VALID: { text: 'Valid', tone: 'good' },
  PAST: { text: 'Past', tone: 'quiet' },
  WITHDRAWN: { text: 'Withdrawn', tone: 'bad' },
};

/** Whether a subscription counts at a moment. */
export function subscriptionWord(
  { validFrom, validUntil }: { readonly validFrom: string; readonly validUntil: string | null },
  nowMs: number,
): Word {
  if (validUntil !== null && Date.parse(validUntil) <= nowMs) return { text: 'Over', tone: 'quiet' };
  return Date.parse(validFrom) > nowMs ? { text: 'Later', tone: 'info' } : { text: 'Counts', tone: 'good' };
}
