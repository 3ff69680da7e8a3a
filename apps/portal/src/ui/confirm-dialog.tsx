import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Button } from './button.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly cancel?: string;
  readonly danger?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

/** Asks before something happens that cannot be taken back. Mounted = open; Escape and the backdrop cancel. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirm, cancel = 'Cancel', danger = false, onConfirm, onCancel, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the document: only then does the browser give the focus back to who had it.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onCancel();
      }}
    >
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        <div>{children}</div>
        <div className="dialog-actions">
          <Button onClick={onCancel}>{cancel}</Button>
          <Button look={danger ? 'danger' : 'primary'} onClick={onConfirm}>
            {confirm}
          </Button>
        </div>
      </div>
    </dialog>
  );
}
