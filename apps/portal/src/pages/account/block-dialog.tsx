import { useState } from 'react';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';

interface BlockDialogProps {
  readonly title: string;
  readonly isCharging: boolean;
  /** What the reason begins as. */
  readonly reason?: string;
  readonly onBlock: (reason: string, stops: boolean) => void;
  readonly onCancel: () => void;
}

/** Asks before a card is blocked: why, and whether what charges on it is to be stopped. */
export function BlockDialog({ title, isCharging, reason: first = '', onBlock, onCancel }: BlockDialogProps) {
  const [reason, setReason] = useState(first);
  const [stops, setStops] = useState(true);
  return (
    <ConfirmDialog
      title={title}
      confirm="Block it"
      danger
      onConfirm={() => onBlock(reason, isCharging && stops)}
      onCancel={onCancel}
    >
      <div className="stack">
        <p>Nothing starts with it from now on. You can unblock it here yourself.</p>
        <label className="field">
          <span>Why (your operator sees it)</span>
          <input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        </label>
        {isCharging && (
          <label className="check">
            <input type="checkbox" checked={stops} onChange={() => setStops(!stops)} />
            <span>Stop what charges on it now</span>
          </label>
        )}
      </div>
    </ConfirmDialog>
  );
}
