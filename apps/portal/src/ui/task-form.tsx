import type { FormEvent, ReactNode } from 'react';
import type { Task } from '../api/use-task.js';
import { Button } from './button.js';
import { Notice } from './states.js';

interface TaskFormProps {
  readonly task: Task;
  readonly onSubmit: (form: FormData) => void;
  readonly onCancel: () => void;
  /** What the button that does it says, and says while it does. */
  readonly confirm: string;
  readonly busy: string;
  readonly look?: 'primary' | 'danger';
  readonly children: ReactNode;
}

/** Asks what must be known before something is done, says what went wrong, and lets it be. */
export function TaskForm({
  task,
  onSubmit,
  onCancel,
  confirm,
  busy,
  look = 'primary',
  children,
}: TaskFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <form className="stack" onSubmit={submit}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      {children}
      <div className="form-actions">
        <Button type="submit" look={look} busy={task.isBusy ? busy : undefined}>
          {confirm}
        </Button>
        <Button
          onClick={() => {
            task.say(undefined);
            onCancel();
          }}
        >
          Cancel
        </Button>
      </div>
    </form>
  );
}
