import { AccountDebtDocument } from '../../api/documents/dunning.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Facts } from '../../ui/figures.js';
import { formatMoney } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { isSome } from '../../words/dunning-words.js';

/** What a driver has to pay, and how; nothing where nothing is owed. */
export function DebtCard() {
  const query = useLiveQuery(AccountDebtDocument, { pollMs: 60_000 });
  const debt = query.data?.accountDebt;
  if (!debt || !isSome(debt.total)) return null;
  const { open, overdue, charges, total, blocked, instructions } = debt;
  return (
    <Card title="To pay">
      {isSome(overdue) && (
        <Notice tone="bad">
          {formatMoney(overdue)} should have been paid by now.
          {blocked && ' Until it is paid you cannot start charging.'}
        </Notice>
      )}
      <Facts
        rows={[
          ['Open invoices', formatMoney(open)],
          ['Overdue of them', isSome(overdue) ? formatMoney(overdue) : null],
          ['Fees and interest', isSome(charges) ? formatMoney(charges) : null],
          ['Together', <strong key="total">{formatMoney(total)}</strong>],
          ['How to pay', instructions || 'From your wallet, or by transfer with the number of the invoice.'],
        ]}
      />
    </Card>
  );
}
