import type { CostLineParts } from '../api/documents/cost.js';
import { dimensionText } from '../words/session-words.js';
import {
  formatMoney,
  formatQuantity,
  formatTime,
  formatUnitPrice,
  formatVatPercent,
  type Money,
} from './format.js';

interface CostLinesProps {
  readonly caption: string;
  readonly lines: readonly CostLineParts[];
  readonly totals: { readonly exclVat: Money; readonly vat: Money; readonly inclVat: Money };
}

/** Priced lines and their total. On a phone each line becomes two rows of text; the columns stay in the markup. */
export function CostLines({ caption, lines, totals }: CostLinesProps) {
  return (
    <table className="cost-lines">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Quantity</th>
          <th scope="col">Price</th>
          <th scope="col">VAT</th>
          <th scope="col">Excl. VAT</th>
          <th scope="col">Incl. VAT</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, i) => (
          <tr key={i}>
            <th scope="row">
              {dimensionText(line.dimension)}
              <span className="cost-note">{line.explanation || period(line)}</span>
              {isPriced(line) && (
                <span className="cost-note cost-phone" aria-hidden="true">
                  {formatQuantity(line.quantity, line.unit)} ×{' '}
                  {formatUnitPrice(line.unitPrice, line.inclVat.currency)}
                </span>
              )}
            </th>
            <td>{isPriced(line) && formatQuantity(line.quantity, line.unit)}</td>
            <td>{isPriced(line) && formatUnitPrice(line.unitPrice, line.inclVat.currency)}</td>
            <td>{isPriced(line) && formatVatPercent(line.vatPercent)}</td>
            <td>{formatMoney(line.exclVat)}</td>
            <td>{formatMoney(line.inclVat)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Net</th>
          <td className="cost-gap" colSpan={4} />
          <td>{formatMoney(totals.exclVat)}</td>
        </tr>
        <tr>
          <th scope="row">VAT</th>
          <td className="cost-gap" colSpan={4} />
          <td>{formatMoney(totals.vat)}</td>
        </tr>
        <tr className="cost-total">
          <th scope="row">Total</th>
          <td className="cost-gap" colSpan={4} />
          <td data-figure="total">{formatMoney(totals.inclVat)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

/** A correction of the sum has an amount, but no quantity at a price. */
const isPriced = ({ dimension }: CostLineParts): boolean =>
  dimension !== 'ROUNDING' && dimension !== 'ADJUSTMENT';

function period({ from, to }: CostLineParts): string {
  return from && to ? `${formatTime(from, 'time')} – ${formatTime(to, 'time')}` : '';
}
