import { useLiveStatus } from '../api/api-context.js';

const TEXTS = {
  live: 'Live',
  connecting: 'Connecting',
  reconnecting: 'Reconnecting',
} as const;

/** Whether figures arrive by themselves; while the socket is down the pages ask every few seconds. */
export function LiveMark() {
  const status = useLiveStatus();
  return (
    <span className="live-mark" role="status" data-status={status}>
      <span className="live-dot" aria-hidden="true" />
      {TEXTS[status]}
    </span>
  );
}
