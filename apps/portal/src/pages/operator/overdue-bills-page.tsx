import { useState } from 'react';
import { Link } from 'react-router';
import { DunningCasesDocument, type CaseParts } from '../../api/documents/dunning.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { formatMoney } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { DUNNING_STATES, isSome, LETTERS, nextText, type DunningState } from '../../words/dunning-words.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 20;
const ALL = '';

/** Invoices that were not paid in time, and how far asking for them is. */
export function OverdueBillsPage() {
  const [state, setState] = useState<DunningState | typeof ALL>('ACTIVE');
  const [level, setLevel] = useState(ALL);
  const pages = useCursorPages();
  const query = useLiveQuery(DunningCasesDocument, {
    variables: {
      first: PAGE_SIZE,
      after: pages.after,
      state: state === ALL ? null : state,
      level: level === ALL ? null : Number(level),
    },
    pollMs: 60_000,
  });
  return (
    <Page
      title="Overdue"
      lead="Invoices that were not paid in time. Letters go out by themselves on the days you have set."
      actions={<Link to="/bills/overdue/settings">Letters, fees and days</Link>}
    >
      <OperatorSessionTabs />
      <div className="form-actions">
        <label className="field">
          <span>State</span>
          <select
            value={state}
            onChange={(event) => {
              setState(event.target.value as DunningState | typeof ALL);
              pages.reset();
            }}
          >
            <option value={ALL}>Any</option>
            {Object.entries(DUNNING_STATES).map(([value, { text }]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>Last letter</span>
          <select
            value={level}
            onChange={(event) => {
              setLevel(event.target.value);
              pages.reset();
            }}
          >
            <option value={ALL}>Any</option>
            <option value="0">None yet</option>
            {Object.values(LETTERS).map((text, index) => (
              <option key={text} value={index + 1}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </div>
      <PagedList
        query={query}
        list={query.data?.dunningCases}
        pages={pages}
        size={PAGE_SIZE}
        of="cases"
        label="Overdue invoices"
        empty={
          <Empty icon="check" title="Nothing here">
            Invoices appear when their last day to pay is over.
          </Empty>
        }
      >
        {(node) => <CaseItem key={node.id} one={node} />}
      </PagedList>
    </Page>
  );
}

function CaseItem({ one }: { one: CaseParts }) {
  const word = DUNNING_STATES[one.state];
  const { invoice, account, chargesOpen } = one;
  return (
    <li className="row">
      <div className="row-main">
        <Link to={`/bills/overdue/${one.id}`} className="row-title row-link">
          {one.invoiceNumber}
        </Link>
        <p className="quiet">
          {[account.displayName, one.letter && LETTERS[one.letter], nextText(one)]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {one.blocks && <Badge tone="bad">Blocked</Badge>}
      <Badge tone={word.tone}>{word.text}</Badge>
      <strong className="row-amount">
        {formatMoney(one.state === 'WRITTEN_OFF' ? invoice.writtenOff : invoice.owedInclVat)}
        {isSome(chargesOpen) && <span className="quiet"> + {formatMoney(chargesOpen)}</span>}
      </strong>
    </li>
  );
}
