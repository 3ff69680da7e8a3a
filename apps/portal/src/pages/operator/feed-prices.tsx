import { FeedPricesDocument, type PriceFeedParts } from '../../api/documents/prices.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { FigureItem, Figures } from '../../ui/figures.js';
import { formatTime, formatUnitPrice } from '../../ui/format.js';
import { Loaded, Skeleton } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { curveFacts } from '../../words/price-feed-words.js';
import { PriceSchedule } from '../shared/price-schedule.js';

const HOUR_MS = 3_600_000;
/** To the end of tomorrow, on any day. */
const AHEAD_HOURS = 50;

/** What a market says from this hour on: figures, holes, and every price on demand. Without taxes and margins. */
export function FeedPrices({ feed: { source, area, currency } }: { readonly feed: PriceFeedParts }) {
  const now = useNow(60_000);
  const from = Math.floor(now / HOUR_MS) * HOUR_MS;
  const query = useLiveQuery(FeedPricesDocument, {
    variables: {
      source,
      area,
      from: new Date(from).toISOString(),
      to: new Date(from + AHEAD_HOURS * HOUR_MS).toISOString(),
    },
    pollMs: 60_000,
  });
  const price = (value: string | undefined) => (value === undefined ? '–' : formatUnitPrice(value, currency));
  return (
    <Loaded
      data={query.data?.feedPrices}
      error={query.error}
      isLoading={query.isLoading}
      onRetry={query.refetch}
      skeleton={<Skeleton rows={2} />}
    >
      {(prices) => {
        const facts = curveFacts(prices, now);
        const schedule = prices.stretches.map(({ start, end, value }) => ({
          from: start,
          to: end,
          energyPricePerKwh: value,
          currency,
        }));
        return (
          <>
            <Figures>
              <FigureItem label="A kWh now" name="price-now" figure={price(facts.now)} />
              <FigureItem label="Lowest ahead" name="price-lowest" figure={price(facts.lowest)} />
              <FigureItem label="Highest ahead" name="price-highest" figure={price(facts.highest)} />
            </Figures>
            <p>
              {facts.knownUntil
                ? `Known until ${formatTime(facts.knownUntil, 'date-time')}.`
                : 'No price of the hours ahead is known.'}
            </p>
            {facts.gaps.map((gap) => (
              <p key={gap.from} data-gap={gap.from}>
                Nothing is known from {formatTime(gap.from, 'date-time')} to {formatTime(gap.to, 'date-time')}
                .
              </p>
            ))}
            {schedule.length > 0 && (
              <details>
                <summary>All prices ahead</summary>
                <PriceSchedule schedule={schedule} caption="Market price by time, before taxes" />
              </details>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
