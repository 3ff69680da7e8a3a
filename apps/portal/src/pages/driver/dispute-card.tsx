import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  InvoiceDisputesDocument,
  type InvoiceDisputesQuery,
  OpenDisputeDocument,
} from '../../api/documents/bills.js';
import { newKey } from '../../api/idempotency-key.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { fieldOf } from '../../ui/field.js';
import { formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { DISPUTE_REASONS, disputeWord, type DisputeReason } from '../../words/bill-words.js';

/** An objection to an invoice: the way to make one, or where it stands. Never on paper. */
export function DisputeCard({ invoiceId }: { invoiceId: string }) {
  const query = useLiveQuery(InvoiceDisputesDocument, { variables: { id: invoiceId }, fallbackPollMs: 0 });
  const parts = query.data?.invoice?.sessions.edges.map(({ node }) => node) ?? [];
  if (parts.length === 0) return null;
  const disputeOf = ({ session }: Part) => session.disputes.find(({ invoice }) => invoice.id === invoiceId);
  const disputes = parts.flatMap((part) => disputeOf(part) ?? []);
  const others = parts.filter((part) => !disputeOf(part));
  return (
    <div className="no-print">
      <Card title="Something wrong with this bill?">
        {disputes.map((dispute) => (
          <Standing key={dispute.id} dispute={dispute} />
        ))}
        {others.length > 0 && <Objection key={others.length} parts={others} onOpened={query.refetch} />}
      </Card>
    </div>
  );
}

type Part = NonNullable<InvoiceDisputesQuery['invoice']>['sessions']['edges'][number]['node'];
type PartDispute = Part['session']['disputes'][number];

function Standing({ dispute }: { dispute: PartDispute }) {
  const word = disputeWord(dispute.state);
  return (
    <>
      <p>
        <Badge tone={word.tone}>{word.text}</Badge> {DISPUTE_REASONS[dispute.reason]},{' '}
        {formatTime(dispute.openedAt, 'day')}
      </p>
      <p>{dispute.text}</p>
      {dispute.state === 'OPEN' ? (
        <p className="quiet">Until we have answered, nothing is taken from your wallet for this invoice.</p>
      ) : (
        <p>
          <strong>Our answer:</strong> {dispute.answer}
        </p>
      )}
    </>
  );
}

/** Of a collective invoice, one of its sessions. */
function Objection({ parts, onOpened }: { parts: readonly Part[]; onOpened: () => void }) {
  const { client } = useApi();
  const task = useTask();
  const [key, setKey] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      await client.mutate({
        mutation: OpenDisputeDocument,
        variables: {
          input: {
            sessionId: parts.length === 1 ? parts[0]!.session.id : fieldOf(form, 'session'),
            reason: fieldOf(form, 'reason') as DisputeReason,
            text: fieldOf(form, 'text').trim(),
            idempotencyKey: key!,
          },
        },
      });
      onOpened();
      return undefined;
    });
  };
  if (!key)
    return (
      <div className="form-actions">
        <Button onClick={() => setKey(newKey())}>Object to this invoice…</Button>
      </div>
    );
  return (
    <form className="stack" onSubmit={submit}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {parts.length > 1 && (
        <label className="field">
          <span>Which session</span>
          <select name="session" required autoFocus>
            {parts.map(({ session, startedAt, place }) => (
              <option key={session.id} value={session.id}>
                {formatTime(startedAt, 'date-time')} {place}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        <span>What is wrong</span>
        <select name="reason" required autoFocus={parts.length === 1}>
          {Object.entries(DISPUTE_REASONS).map(([reason, text]) => (
            <option key={reason} value={reason}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Tell us what you expected</span>
        <textarea name="text" rows={3} maxLength={2000} required />
      </label>
      <div className="form-actions">
        <Button type="submit" look="primary" busy={task.isBusy ? 'Sending…' : undefined}>
          Send
        </Button>
        <Button onClick={() => setKey(undefined)}>Cancel</Button>
      </div>
    </form>
  );
}
