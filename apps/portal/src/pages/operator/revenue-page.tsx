import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import { RevenueDocument, RevenueFileDocument } from '../../api/documents/revenue.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatEnergy, formatMoney } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { saveFile } from '../../ui/save-file.js';
import { Empty, Notice } from '../../ui/states.js';
import { besideTexts, placeText, taxTexts, type RevenueNode } from '../../words/revenue-words.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 25;

type Group = 'TENANT' | 'LOCATION' | 'STATION';
type Period = 'DAY' | 'MONTH' | 'YEAR';
interface Asked {
  readonly from: string;
  readonly to: string;
  readonly by: Group;
  readonly period: Period;
}

const GROUPS: Readonly<Record<Group, string>> = {
  TENANT: 'All places together',
  LOCATION: 'Each place',
  STATION: 'Each station',
};
const PERIODS: Readonly<Record<Period, string>> = { DAY: 'Day', MONTH: 'Month', YEAR: 'Year' };

/** What was earned, by place and period, as it stands in the books. */
export function RevenuePage() {
  const { client } = useApi();
  const task = useTask();
  const [asked, setAsked] = useState<Asked>(thisYear);
  const pages = useCursorPages();
  const query = useLiveQuery(RevenueDocument, {
    variables: { input: asked, first: PAGE_SIZE, after: pages.after },
    fallbackPollMs: 0,
  });
  const show = pages.anew(setAsked);
  const save = () =>
    task.run(async () => {
      const { data } = await client.query({
        query: RevenueFileDocument,
        variables: { input: asked },
        fetchPolicy: 'no-cache',
      });
      if (data) saveFile(data.revenueFile);
      return undefined;
    });
  return (
    <Page
      title="Revenue"
      lead="Invoices less credit notes, on the day they were issued. Roaming partners settle by their own invoices."
      actions={<Button onClick={save}>Save as CSV</Button>}
    >
      <OperatorSessionTabs />
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <RevenueForm asked={asked} onAsk={show} />
      <PagedList
        query={query}
        list={query.data?.revenue}
        pages={pages}
        size={PAGE_SIZE}
        of="the revenue"
        label="Revenue"
        empty={
          <Empty icon="receipt" title="Nothing was billed">
            Choose other days. Sessions of a collective invoice are here once it was issued.
          </Empty>
        }
      >
        {(node) => <RevenueItem key={keyOf(node)} node={node} by={asked.by} />}
      </PagedList>
    </Page>
  );
}

const keyOf = ({ period, location, station, net }: RevenueNode) =>
  [period, location?.id, station?.id, net.currency].join(' ');

function RevenueForm({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onAsk({
      from: fieldOf(form, 'from'),
      to: fieldOf(form, 'to'),
      by: fieldOf(form, 'by') as Group,
      period: fieldOf(form, 'period') as Period,
    });
  };
  return (
    <form className="filter-form" role="search" aria-label="Revenue" onSubmit={submit}>
      <Field label="First day" name="from" type="date" defaultValue={asked.from} required />
      <Field label="Last day" name="to" type="date" defaultValue={asked.to} required />
      <Choice label="Of" name="by" options={GROUPS} chosen={asked.by} />
      <Choice label="By" name="period" options={PERIODS} chosen={asked.period} />
      <div className="form-actions">
        <Button type="submit" look="primary">
          Show
        </Button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly chosen: string;
}

function Choice({ label, name, options, chosen }: ChoiceProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <select name={name} defaultValue={chosen}>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function RevenueItem({ node, by }: { node: RevenueNode; by: Group }) {
  const { period, net, tax, energyWh, sessions } = node;
  const beside = besideTexts(node);
  return (
    <li className="row">
      <div className="row-main stack">
        <p className="row-title">
          {period}, {placeText(node, by)}
        </p>
        <p>
          {formatEnergy(energyWh)}, {sessions === 1 ? '1 session' : `${sessions} sessions`}
        </p>
        {beside.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <p className="quiet">{taxTexts(node).join(', ') || `Taxes: ${formatMoney(tax)}`}</p>
      </div>
      <p>
        <strong>{formatMoney(net)}</strong> <span className="quiet">before taxes</span>
      </p>
    </li>
  );
}

function thisYear(): Asked {
  const today = new Date();
  const day = (date: Date) =>
    [date.getFullYear(), date.getMonth() + 1, date.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
  return { from: `${today.getFullYear()}-01-01`, to: day(today), by: 'LOCATION', period: 'MONTH' };
}
