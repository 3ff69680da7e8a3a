import { Link, useParams } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount } from '../../api/api-context.js';
import { DunningCasePageDocument, type DunningCasePageQuery } from '../../api/documents/dunning.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Facts, Time } from '../../ui/figures.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Loaded } from '../../ui/states.js';
import { DUNNING_STATES, entryText, isSome, LETTERS, nextText } from '../../words/dunning-words.js';
import { DunningActions } from './dunning-actions.js';
import { TransferForm } from './transfer-form.js';

type Case = NonNullable<DunningCasePageQuery['dunningCase']>;

/** One overdue invoice: what is owed, what happened, and what to do. */
export function DunningCasePage() {
  const { id = '' } = useParams();
  const query = useLiveQuery(DunningCasePageDocument, { variables: { id }, pollMs: 30_000 });
  const found = query.data?.dunningCase;
  return (
    <Page
      title={found ? `Overdue: ${found.invoiceNumber}` : 'Overdue'}
      back={{ to: '/bills/overdue', text: 'Overdue' }}
    >
      <Loaded data={found} error={query.error} isLoading={query.isLoading} onRetry={query.refetch}>
        {(one) => <Shown one={one} onChanged={query.refetch} />}
      </Loaded>
    </Page>
  );
}

function Shown({ one, onChanged }: { one: Case; onChanged: () => void }) {
  const { role } = useAccount();
  const word = DUNNING_STATES[one.state];
  const { account, invoice } = one;
  return (
    <div className="columns">
      <Card title="What is owed" actions={<Badge tone={word.tone}>{word.text}</Badge>}>
        <Facts
          rows={[
            [
              'Invoice',
              <Link key="invoice" to={`/invoices/${invoice.id}`}>
                {one.invoiceNumber}
              </Link>,
            ],
            ['Driver', account.displayName],
            ['To pay of it', formatMoney(invoice.owedInclVat)],
            ['Given up', isSome(invoice.writtenOff) ? formatMoney(invoice.writtenOff) : null],
            ['Fees', isSome(one.fees) ? formatMoney(one.fees) : null],
            ['Interest', isSome(one.interest) ? formatMoney(one.interest) : null],
            ['Of both to pay', isSome(one.chargesOpen) ? formatMoney(one.chargesOpen) : null],
            ['Last letter', one.letter && LETTERS[one.letter]],
            ['What follows', nextText(one) || null],
            ['Account', one.blocks ? 'Starts nothing until it is paid' : null],
          ]}
        />
        {mayAct(role) && (
          <>
            <TransferForm one={one} onDone={onChanged} />
            <DunningActions one={one} onDone={onChanged} />
          </>
        )}
      </Card>
      <Card title="What happened">
        <ol className="rows" aria-label="What happened">
          {one.history.map((entry, index) => (
            <li key={index} className="row">
              <div className="row-main">
                <p>{entryText(entry)}</p>
                {entry.reason && <p>{entry.reason}</p>}
                <p className="quiet">
                  <Time iso={entry.at}>{formatTime(entry.at, 'date-time')}</Time> {entry.by?.displayName}
                </p>
              </div>
            </li>
          ))}
        </ol>
      </Card>
    </div>
  );
}
