import { useState } from 'react';
import { Link } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount, useApi } from '../../api/api-context.js';
import {
  DismissQuarantinedFrameDocument,
  ReplayQuarantinedFrameDocument,
  type QuarantinedFrameParts,
} from '../../api/documents/frames.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Time } from '../../ui/figures.js';
import { formatTime } from '../../ui/format.js';
import { TaskForm } from '../../ui/task-form.js';
import { correctedPayload, indented, resolutionText, setAsideText } from '../../words/wire-words.js';

interface SetAsideRowProps {
  readonly frame: QuarantinedFrameParts;
  readonly onChanged: () => void;
}

/** One message set aside: why, what it says, and what somebody does with it. */
export function SetAsideRow({ frame, onChanged }: SetAsideRowProps) {
  const { station, action, errorCode, receivedAt, repeats, protocol, text, resolution } = frame;
  return (
    <li className="row" data-set-aside={action}>
      <div className="row-main">
        <p className="row-title">
          {action} · <Link to={`/stations/${station.id}`}>{station.name}</Link>
        </p>
        <p>{setAsideText(errorCode)}</p>
        <p className="quiet">
          <Time iso={receivedAt}>{formatTime(receivedAt, 'date-time')}</Time> · {protocol}
          {frame.transactionId && ` · transaction ${frame.transactionId}`}
          {repeats > 0 && ` · sent again ${repeats === 1 ? 'once' : `${repeats} times`}`}
        </p>
        <details className="wire-details">
          <summary>
            What it said<span className="visually-hidden"> in {action}</span>
          </summary>
          <pre className="wire-text">{indented(text)}</pre>
        </details>
        {resolution ? (
          <p className="quiet">{resolutionText(frame)}</p>
        ) : (
          <SetAsideActions frameId={frame.id} onDone={onChanged} />
        )}
      </div>
      <Badge tone={resolution ? 'quiet' : 'warn'}>{resolution ? 'Decided' : 'Waiting'}</Badge>
    </li>
  );
}

function SetAsideActions({ frameId, onDone }: { frameId: string; onDone: () => void }) {
  const { client } = useApi();
  const { role } = useAccount();
  const task = useTask();
  const [asked, setAsked] = useState<'replay' | 'dismiss'>();
  if (!mayAct(role)) return null;
  if (!asked)
    return (
      <div className="form-actions">
        <Button onClick={() => setAsked('replay')}>Process again…</Button>
        <Button onClick={() => setAsked('dismiss')}>Dismiss…</Button>
      </div>
    );
  const close = () => {
    setAsked(undefined);
    onDone();
    return undefined;
  };
  const replay = (form: FormData) =>
    task.run(async () => {
      const payload = correctedPayload(fieldOf(form, 'payload'));
      if (payload === 'unreadable') return 'The correction is no JSON object.';
      const variables = { input: { frameId, payload } };
      await client.mutate({ mutation: ReplayQuarantinedFrameDocument, variables });
      return close();
    });
  const dismiss = (form: FormData) =>
    task.run(async () => {
      const variables = { input: { frameId, reason: fieldOf(form, 'reason').trim() } };
      await client.mutate({ mutation: DismissQuarantinedFrameDocument, variables });
      return close();
    });
  return asked === 'replay' ? (
    <TaskForm
      task={task}
      onSubmit={replay}
      onCancel={() => setAsked(undefined)}
      confirm="Process it now"
      busy="Processing…"
    >
      <label className="field">
        <span>Corrected payload</span>
        <textarea name="payload" rows={5} spellCheck={false} placeholder="Empty: as it came" />
      </label>
    </TaskForm>
  ) : (
    <TaskForm
      task={task}
      onSubmit={dismiss}
      onCancel={() => setAsked(undefined)}
      confirm="Dismiss it"
      busy="Dismissing…"
      look="danger"
    >
      <Field label="Why" name="reason" hint="For the record: its energy is not billed." required autoFocus />
    </TaskForm>
  );
}
