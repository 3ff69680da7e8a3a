import type { FormEvent } from 'react';
import type { Task } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field, fieldOf } from '../../ui/field.js';
import { Notice } from '../../ui/states.js';
import { codeProof } from '../../words/outcome-words.js';

export type Proof = { readonly password: string } & (
  { readonly code?: string } | { readonly recoveryCode?: string }
);

interface ProofFormProps {
  /** What is about to be done, for the button: `Switch off`. */
  readonly action: string;
  readonly danger?: boolean;
  /** A code is asked for besides the password. */
  readonly withCode: boolean;
  readonly task: Task;
  readonly onProof: (proof: Proof) => void;
  readonly onCancel: () => void;
}

/** Asks who is there before something that a stolen sign-in must not do. */
export function ProofForm({ action, danger = false, withCode, task, onProof, onCancel }: ProofFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onProof({
      password: fieldOf(form, 'password'),
      ...(withCode ? codeProof(fieldOf(form, 'code')) : {}),
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <Field
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
      />
      {withCode && (
        <Field
          label="Code, or a recovery code"
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          required
        />
      )}
      <div className="form-actions">
        <Button
          type="submit"
          look={danger ? 'danger' : 'primary'}
          busy={task.isBusy ? 'One moment…' : undefined}
        >
          {action}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
