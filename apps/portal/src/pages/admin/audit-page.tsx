import { useState, type FormEvent } from 'react';
import { AuditLogDocument, type AuditEntryParts } from '../../api/documents/audit.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Facts, Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import {
  NO_AUDIT_FILTER,
  actionText,
  actorText,
  auditFilter,
  detailRows,
  type AuditForm,
} from '../../words/audit-words.js';
import { sentenceCase } from '../../words/session-words.js';
import { AccessTabs } from './access-tabs.js';

const PAGE_SIZE = 50;

/** Who changed what, latest first, as it was written. */
export function AuditPage() {
  const [form, setForm] = useState<AuditForm>(NO_AUDIT_FILTER);
  const pages = useCursorPages();
  const query = useLiveQuery(AuditLogDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, filter: auditFilter(form) },
    fallbackPollMs: 0,
  });
  const filter = pages.anew(setForm);
  return (
    <Page
      title="Audit log"
      lead="Who changed what of accounts, sign-ins, cards, stations and clients, when, why and from where."
      actions={<Button onClick={query.refetch}>Refresh</Button>}
    >
      <AccessTabs />
      <AuditFilterForm onFilter={filter} />
      <PagedList
        query={query}
        list={query.data?.auditLog}
        pages={pages}
        size={PAGE_SIZE}
        of="the audit log"
        label="Audit log"
        rows={8}
        empty={
          <Empty icon="search" title="No entries">
            Nothing fits the filter. Take something off it, or choose more days.
          </Empty>
        }
      >
        {(node) => <AuditRow key={node.id} entry={node} />}
      </PagedList>
    </Page>
  );
}

function AuditFilterForm({ onFilter }: { onFilter: (form: AuditForm) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const entered = (name: keyof AuditForm) => fieldOf(form, name);
    onFilter({
      action: entered('action'),
      targetKind: entered('targetKind'),
      actorId: entered('actorId'),
      targetId: entered('targetId'),
      from: entered('from'),
      to: entered('to'),
    });
  };
  return (
    <form
      className="filter-form"
      role="search"
      aria-label="Audit log"
      onSubmit={submit}
      onReset={() => onFilter(NO_AUDIT_FILTER)}
    >
      <Field label="Action" name="action" placeholder="account, or account.switched_off" spellCheck={false} />
      <Field
        label="Kind of thing"
        name="targetKind"
        placeholder="account, token, client"
        spellCheck={false}
      />
      <Field label="Who (id)" name="actorId" spellCheck={false} />
      <Field label="On what (id)" name="targetId" spellCheck={false} />
      <Field label="From" name="from" type="date" />
      <Field label="To" name="to" type="date" />
      <div className="form-actions">
        <Button type="submit" look="primary">
          Filter
        </Button>
        <Button type="reset">Clear</Button>
      </div>
    </form>
  );
}

function AuditRow({ entry }: { entry: AuditEntryParts }) {
  const { occurredAt, action, reason, targetKind, targetId, address, details } = entry;
  return (
    <li className="row" data-audit={action}>
      <div className="row-main">
        <p className="row-title">{actionText(action)}</p>
        {reason && <p>{reason}</p>}
        <p className="quiet">
          <Time iso={occurredAt}>{formatTime(occurredAt, 'date-time')}</Time> · {actorText(entry)}
          {address && ` from ${address}`}
        </p>
        <p className="quiet">
          {sentenceCase(targetKind.replaceAll('_', ' '))} <code>{targetId}</code>
        </p>
      </div>
      {detailRows(details).length > 0 && (
        <details>
          <summary>
            Details<span className="visually-hidden"> of {actionText(action)}</span>
          </summary>
          <Facts rows={detailRows(details)} />
        </details>
      )}
    </li>
  );
}
