import { formatTime, formatUnitPrice } from '../../ui/format.js';
import { priceBars, type PriceStep } from './price-bars.js';

/** Prices of the next day where they change with the hour: bars for the eye, figures in every row. */
export function PriceSchedule({
  schedule,
  caption = 'Energy price by time',
}: {
  readonly schedule: readonly PriceStep[];
  readonly caption?: string;
}) {
  return (
    <table className="schedule">
      <caption>{caption}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">From</th>
          <th scope="col">Price per kWh</th>
        </tr>
      </thead>
      <tbody>
        {priceBars(schedule).map(({ from, price, currency, share, isCheapest }) => (
          <tr key={from} data-cheapest={isCheapest || undefined}>
            <th scope="row">{formatTime(from, 'hour')}</th>
            <td>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect width={share * 100} height="8" rx="2" />
              </svg>
              <span>
                {formatUnitPrice(price, currency)}
                {isCheapest && <span className="visually-hidden"> (cheapest)</span>}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
