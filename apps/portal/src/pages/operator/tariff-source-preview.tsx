import { useQuery } from '@apollo/client/react';
import type { SetTariffSourceInput } from '../../api/documents/inputs.js';
import { PreviewTariffSourceDocument } from '../../api/documents/prices.js';
import { errorSentence } from '../../api/error-text.js';
import { formatTime } from '../../ui/format.js';
import { Notice, Skeleton } from '../../ui/states.js';
import { PriceSchedule } from '../shared/price-schedule.js';

/** The prices that a source would make now, with what is missing and what the law says. */
export function TariffSourcePreview({ input }: { readonly input: SetTariffSourceInput }) {
  const { data, error } = useQuery(PreviewTariffSourceDocument, {
    variables: { input },
    fetchPolicy: 'network-only',
  });
  if (error) return <Notice tone="bad">{errorSentence(error)}</Notice>;
  if (!data) return <Skeleton rows={4} />;
  const { schedule, gaps, note, findings } = data.previewTariffSource;
  return (
    <div className="stack" data-preview={input.tariffId}>
      {findings.map(({ rule, country, severity, reason }) => (
        <Notice key={`${rule} ${country}`} tone={severity === 'VIOLATION' ? 'bad' : 'warn'}>
          {country}: {reason}
        </Notice>
      ))}
      <PriceSchedule schedule={schedule} caption="Energy price by time, with VAT" />
      {gaps.map(({ from, to }) => (
        <p key={from}>
          The fallback counts from {formatTime(from, 'date-time')} to {formatTime(to, 'date-time')}.
        </p>
      ))}
      <p className="quiet">{note}</p>
    </div>
  );
}
