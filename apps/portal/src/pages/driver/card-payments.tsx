import { Badge } from '../../ui/badge.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { cardText, paymentWord, type CardPayment } from '../../words/invoice-words.js';

/** What a card has to do with an invoice: reserved, paid, declined, given back. Nothing where none has. */
export function CardPayments({ payments }: { payments: readonly CardPayment[] }) {
  if (payments.length === 0) return null;
  return (
    <section aria-label="Payments by card">
      <ul className="rows">
        {payments.map((payment) => {
          const word = paymentWord(payment);
          const isTaken = Number(payment.captured.amount) > 0;
          return (
            <li key={payment.id} className="row">
              <div className="row-main">
                <span className="row-title">{cardText(payment.card)}</span>
                <p className="quiet">
                  {formatTime(payment.createdAt, 'date-time')}
                  {Number(payment.refunded.amount) > 0 && `, ${formatMoney(payment.refunded)} given back`}
                </p>
              </div>
              <Badge tone={word.tone}>{word.text}</Badge>
              <strong className="row-amount">
                {formatMoney(isTaken ? payment.captured : payment.amount)}
              </strong>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
