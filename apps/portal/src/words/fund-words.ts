import type { SessionFigures } from '../api/documents/session.js';
import { formatMoney, formatTime } from '../ui/format.js';
import type { Tone } from './session-words.js';

type Fund = NonNullable<SessionFigures['fund']>;

/** What there is to say of the money of a session; undefined: nothing, as of one without a limit. */
export function fundNotice(
  fund: Fund | null | undefined,
  isActive: boolean,
): { readonly text: string; readonly tone: Extract<Tone, 'good' | 'warn' | 'bad'> } | undefined {
  if (!fund?.limit) return undefined;
  const limit = formatMoney(fund.limit);
  if (fund.usedUp && !isActive)
    return { text: `It was stopped because the money was used: it might cost ${limit}.`, tone: 'warn' };
  if (!isActive) return undefined;
  if (fund.usedUp) return { text: `The ${limit} it may cost are used: it is being stopped.`, tone: 'bad' };
  const left = fund.available ? `${formatMoney(fund.available)} of ${limit} left` : `It may cost ${limit}`;
  const until = fund.usedUpAt ? `, enough until about ${formatTime(fund.usedUpAt, 'time')}` : '';
  return { text: `${left}${until}.`, tone: 'good' };
}
