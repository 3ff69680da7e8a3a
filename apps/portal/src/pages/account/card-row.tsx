import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { RenameMyTokenDocument, type MyTokenParts } from '../../api/documents/cards.js';
import { useCardActions } from './use-card-actions.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatTime } from '../../ui/format.js';
import { Notice } from '../../ui/states.js';
import { cardName, cardWord } from '../../words/card-words.js';
import type { Outcome } from '../../words/outcome-words.js';
import { BlockDialog } from './block-dialog.js';

const LONGEST_NAME = 50;

/** One card: its name, whether it charges, and what its holder may do with it. */
export function CardRow({ token }: { token: MyTokenParts }) {
  const { client } = useApi();
  const actions = useCardActions();
  const task = useTask();
  const [asks, setAsks] = useState<'name' | 'block'>();
  const [outcome, setOutcome] = useState<Outcome>();
  const { id: tokenId, status, blockedByHolder, openSessions, expiresAt } = token;
  const name = cardName(token);
  const word = cardWord(token);

  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = fieldOf(new FormData(event.currentTarget), 'name');
    task.run(async () => {
      await client.mutate({
        mutation: RenameMyTokenDocument,
        variables: { input: { tokenId, name: wanted } },
      });
      setAsks(undefined);
      return undefined;
    });
  };
  const block = (reason: string, stops: boolean) => {
    setAsks(undefined);
    task.run(async () => {
      setOutcome(await actions.block(tokenId, reason, stops));
      return undefined;
    });
  };
  const unblock = () =>
    task.run(async () => {
      await actions.unblock(tokenId);
      setOutcome({ tone: 'good', text: 'It charges again. Stations that are offline hear of it later.' });
      return undefined;
    });

  return (
    <li className="row" data-token={tokenId}>
      <div className="row-main">
        <p className="row-title">{name}</p>
        <p className="badges">
          <Badge tone={word.tone}>{word.text}</Badge>
          {openSessions.length > 0 && (
            <Badge tone="good" pulsing>
              Charging
            </Badge>
          )}
        </p>
        {word.advice && <p className="quiet">{word.advice}</p>}
        {expiresAt && <p className="quiet">good until {formatTime(expiresAt, 'day')}</p>}
        {openSessions.map(({ id }) => (
          <Link key={id} to={`/sessions/${id}`}>
            See what charges on it
          </Link>
        ))}
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
        {outcome && !task.problem && <Notice tone={outcome.tone}>{outcome.text}</Notice>}
      </div>
      {asks === 'name' ? (
        <form className="stack" onSubmit={rename}>
          <Field
            label="What you call it"
            name="name"
            defaultValue={token.name ?? ''}
            maxLength={LONGEST_NAME}
            hint="Leave it empty to take the name off."
            autoFocus
          />
          <div className="form-actions">
            <Button type="submit" look="primary" busy={task.isBusy ? 'Saving…' : undefined}>
              Save
            </Button>
            <Button onClick={() => setAsks(undefined)}>Cancel</Button>
          </div>
        </form>
      ) : (
        <div className="row-actions">
          <Button onClick={() => setAsks('name')}>
            Rename<span className="visually-hidden">: {name}</span>
          </Button>
          {status === 'ACTIVE' && (
            <Button busy={task.isBusy ? 'Blocking…' : undefined} onClick={() => setAsks('block')}>
              Block…<span className="visually-hidden">: {name}</span>
            </Button>
          )}
          {status === 'BLOCKED' && blockedByHolder && (
            <Button busy={task.isBusy ? 'Unblocking…' : undefined} onClick={unblock}>
              Unblock<span className="visually-hidden">: {name}</span>
            </Button>
          )}
        </div>
      )}
      {asks === 'block' && (
        <BlockDialog
          title={`Block ${name}?`}
          isCharging={openSessions.length > 0}
          onBlock={block}
          onCancel={() => setAsks(undefined)}
        />
      )}
    </li>
  );
}
