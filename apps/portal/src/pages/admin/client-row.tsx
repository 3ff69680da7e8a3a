import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  RevokeMachineClientDocument,
  RotateMachineClientSecretDocument,
  type MachineClientParts,
} from '../../api/documents/clients.js';
import { sendOnce } from '../../api/send-once.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { formatAgo, formatTime } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { scopesText } from '../../words/scope-words.js';
import type { Issued } from './issued-secret.js';

const LONGEST_GRACE_HOURS = 168;

interface ClientRowProps {
  readonly client: MachineClientParts;
  readonly onIssued: (issued: Issued) => void;
  readonly onChanged: () => void;
}

/** One machine client, and what an administrator does with it. */
export function ClientRow({ client: shown, onIssued, onChanged }: ClientRowProps) {
  const { client } = useApi();
  const task = useTask();
  const now = useNow(60_000);
  const [asks, setAsks] = useState<'rotate' | 'revoke'>();
  const [graceHours, setGraceHours] = useState('24');
  const [reason, setReason] = useState('');
  const { id: clientId, name, scopes, createdAt, lastUsedAt, previousSecretUntil, revokedAt } = shown;
  const oldCounts = previousSecretUntil !== null && Date.parse(previousSecretUntil) > now;

  const rotate = () => {
    setAsks(undefined);
    task.run(async () => {
      const hours = Number(graceHours);
      if (!Number.isInteger(hours) || hours < 0 || hours > LONGEST_GRACE_HOURS)
        return `The old secret goes on for 0 to ${LONGEST_GRACE_HOURS} whole hours. Nothing was changed.`;
      const { rotateMachineClientSecret } = await sendOnce(client, RotateMachineClientSecretDocument, {
        input: { clientId, graceHours: hours },
      });
      onIssued({ clientId, name, secret: rotateMachineClientSecret.secret });
      return undefined;
    });
  };
  const revoke = () => {
    setAsks(undefined);
    task.run(async () => {
      await client.mutate({
        mutation: RevokeMachineClientDocument,
        variables: { input: { clientId, reason } },
      });
      onChanged();
      return undefined;
    });
  };

  return (
    <li className="row" data-client={clientId} data-disabled={revokedAt ? true : undefined}>
      <div className="row-main">
        <p className="row-title">{name}</p>
        <p>{scopesText(scopes)}</p>
        <p className="quiet">
          <code>{clientId}</code>
        </p>
        <p className="quiet">
          made {formatTime(createdAt, 'day')} ·{' '}
          {lastUsedAt ? `used ${formatAgo(lastUsedAt, now)}` : 'never used'}
        </p>
        {oldCounts && (
          <p className="quiet">
            The secret before counts until {formatTime(previousSecretUntil, 'date-time')}.
          </p>
        )}
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      </div>
      {revokedAt ? (
        <Badge tone="quiet">Revoked {formatTime(revokedAt, 'day')}</Badge>
      ) : (
        <div className="row-actions">
          <Button busy={task.isBusy ? 'One moment…' : undefined} onClick={() => setAsks('rotate')}>
            New secret…<span className="visually-hidden"> of {name}</span>
          </Button>
          <Button onClick={() => setAsks('revoke')}>
            Revoke…<span className="visually-hidden"> {name}</span>
          </Button>
        </div>
      )}
      {asks === 'rotate' && (
        <ConfirmDialog
          title={`A new secret for ${name}?`}
          confirm="Make a new secret"
          onConfirm={rotate}
          onCancel={() => setAsks(undefined)}
        >
          <label className="field">
            <span>The old secret goes on for so many hours</span>
            <input
              type="number"
              min={0}
              max={LONGEST_GRACE_HOURS}
              value={graceHours}
              onChange={(event) => setGraceHours(event.target.value)}
            />
          </label>
          <p className="quiet">0 when it leaked. At most a week.</p>
        </ConfirmDialog>
      )}
      {asks === 'revoke' && (
        <ConfirmDialog
          title={`Revoke ${name}?`}
          confirm="Revoke"
          cancel="Keep it"
          danger
          onConfirm={revoke}
          onCancel={() => setAsks(undefined)}
        >
          <div className="stack">
            <p>For good: it gets no more tokens. Those that are out end by themselves within 15 minutes.</p>
            <label className="field">
              <span>Why (kept in the audit log)</span>
              <input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
            </label>
          </div>
        </ConfirmDialog>
      )}
    </li>
  );
}
