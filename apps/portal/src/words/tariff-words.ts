import type { TariffHistoryQuery } from '../api/documents/tariffs.js';
import type { Tone } from './session-words.js';

type State = TariffHistoryQuery['tariffVersions']['edges'][number]['node']['state'];

export const VERSION_STATES: Readonly<Record<State, { readonly text: string; readonly tone: Tone }>> = {
  PLANNED: { text: 'Planned', tone: 'info' },
  VALID: { text: 'Valid', tone: 'good' },
  PAST: { text: 'Past', tone: 'quiet' },
  WITHDRAWN: { text: 'Withdrawn', tone: 'bad' },
};
