import { Link } from 'react-router';
import type { InvoicePageQuery } from '../../api/documents/invoices.js';
import { formatEnergy, formatMoney, formatTime } from '../../ui/format.js';

type Sessions = NonNullable<InvoicePageQuery['invoice']>['sessions'];

/** The sessions of a collective invoice, and what each comes to. */
export function InvoicedSessions({ invoice: { sessions } }: { invoice: { sessions: Sessions } }) {
  return (
    <table className="vat-table">
      <caption>Sessions</caption>
      <thead>
        <tr>
          <th scope="col">When and where</th>
          <th scope="col">Energy</th>
          <th scope="col">Net</th>
          <th scope="col">Incl. VAT</th>
        </tr>
      </thead>
      <tbody>
        {sessions.edges.map(({ node }) => (
          <tr key={node.session.id}>
            <th scope="row">
              <Link to={`/sessions/${node.session.id}`}>{formatTime(node.startedAt, 'date-time')}</Link>{' '}
              {node.place}
            </th>
            <td>{formatEnergy(node.energyWh)}</td>
            <td>{formatMoney(node.totalExclVat)}</td>
            <td>{formatMoney(node.totalInclVat)}</td>
          </tr>
        ))}
      </tbody>
      {sessions.pageInfo.hasNextPage && (
        <tfoot>
          <tr>
            <td colSpan={4}>The PDF has all sessions; here are the first {sessions.edges.length}.</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
