import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  MyPasskeysDocument,
  RemovePasskeyDocument,
  RenamePasskeyDocument,
  type PasskeyParts,
} from '../../api/documents/security.js';
import { addPasskey } from '../../api/passkeys.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Field, fieldOf } from '../../ui/field.js';
import { formatAgo, formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Loaded, Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { passkeyErrorText } from '../../words/passkey-words.js';

const LONGEST_NAME = 50;

/** The own passkeys: add with the password, rename, remove. */
export function PasskeysCard() {
  const query = useLiveQuery(MyPasskeysDocument, { fallbackPollMs: 0 });
  return (
    <Card title="Passkeys">
      <p>A passkey signs you in with your finger, face or PIN: no password and no code.</p>
      <Loaded
        data={query.data?.myPasskeys}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {(passkeys) => (
          <>
            {passkeys.length > 0 && (
              <ul className="rows" aria-label="Your passkeys">
                {passkeys.map((passkey) => (
                  <PasskeyRow key={passkey.id} passkey={passkey} />
                ))}
              </ul>
            )}
            <AddPasskey />
          </>
        )}
      </Loaded>
    </Card>
  );
}

function AddPasskey() {
  const { client } = useApi();
  const task = useTask(passkeyErrorText);
  const [isOpen, setOpen] = useState(false);
  if (!browserSupportsWebAuthn())
    return (
      <Notice tone="info">
        This browser has no passkeys. Add one with a newer browser or another device.
      </Notice>
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    task.run(async () => {
      await addPasskey(client, { password: fieldOf(form, 'password'), name: fieldOf(form, 'name') });
      await client.refetchQueries({ include: [MyPasskeysDocument] });
      setOpen(false);
      return undefined;
    });
  };
  if (!isOpen)
    return (
      <div className="form-actions">
        <Button look="primary" onClick={() => setOpen(true)}>
          Add a passkey
        </Button>
      </div>
    );
  return (
    <form className="stack" onSubmit={submit} aria-label="Add a passkey">
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <Field
        label="Name"
        name="name"
        maxLength={LONGEST_NAME}
        hint="So that you know it again: Phone, Key on my ring."
        required
        autoFocus
      />
      <Field label="Your password" name="password" type="password" autoComplete="current-password" required />
      <div className="form-actions">
        <Button type="submit" look="primary" busy={task.isBusy ? 'Waiting for your device…' : undefined}>
          Add
        </Button>
        <Button onClick={() => setOpen(false)}>Cancel</Button>
      </div>
    </form>
  );
}

function PasskeyRow({ passkey }: { passkey: PasskeyParts }) {
  const { client } = useApi();
  const task = useTask();
  const now = useNow(60_000);
  const [asks, setAsks] = useState<'name' | 'remove'>();
  const { id: passkeyId, name, createdAt, lastUsedAt, backedUp } = passkey;

  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = fieldOf(new FormData(event.currentTarget), 'name');
    task.run(async () => {
      await client.mutate({
        mutation: RenamePasskeyDocument,
        variables: { input: { passkeyId, name: wanted } },
      });
      setAsks(undefined);
      return undefined;
    });
  };
  const remove = () => {
    setAsks(undefined);
    task.run(async () => {
      await client.mutate({
        mutation: RemovePasskeyDocument,
        variables: { input: { passkeyId } },
        refetchQueries: [MyPasskeysDocument],
      });
      return undefined;
    });
  };

  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{name}</p>
        <p className="quiet">
          added {formatTime(createdAt, 'day')} ·{' '}
          {lastUsedAt ? `used ${formatAgo(lastUsedAt, now)}` : 'never used'}
          {backedUp && ' · may be on your other devices too'}
        </p>
        {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      </div>
      {asks === 'name' ? (
        <form className="stack" onSubmit={rename}>
          <Field
            label="New name"
            name="name"
            defaultValue={name}
            maxLength={LONGEST_NAME}
            required
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
          <Button busy={task.isBusy ? 'Removing…' : undefined} onClick={() => setAsks('remove')}>
            Remove<span className="visually-hidden">: {name}</span>
          </Button>
        </div>
      )}
      {asks === 'remove' && (
        <ConfirmDialog
          title={`Remove the passkey ${name}?`}
          confirm="Remove"
          cancel="Keep it"
          danger
          onConfirm={remove}
          onCancel={() => setAsks(undefined)}
        >
          <p>
            It signs nobody in any more. Sign-ins that it made go on: end them below if the device is lost.
            Remove it from the device too.
          </p>
        </ConfirmDialog>
      )}
    </li>
  );
}
