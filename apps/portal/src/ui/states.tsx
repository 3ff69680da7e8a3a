import type { ErrorLike } from '@apollo/client';
import type { ReactNode } from 'react';
import { errorText } from '../api/error-text.js';
import type { Tone } from '../words/session-words.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';

/** Grey bars where text will be. Says once that something loads. */
export function Skeleton({ rows = 3, tall = false }: { rows?: number; tall?: boolean }) {
  return (
    <div className="skeleton" role="status" data-tall={tall || undefined}>
      <span className="visually-hidden">Loading…</span>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} aria-hidden="true" />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Nothing there yet: what would be here and how to get it. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} />
      </span>
      <p className="empty-title">{title}</p>
      {children && <div className="empty-text">{children}</div>}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, advice } = errorText(error);
  return (
    <div className="empty" role="alert">
      <span className="empty-icon" data-tone="bad">
        <Icon name="warn" />
      </span>
      <p className="empty-title">{title}</p>
      <p className="empty-text">{advice}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** A sentence about what just happened, announced when it appears. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' || tone === 'warn' ? 'alert' : 'status'}>
      <Icon name={tone === 'good' ? 'check' : tone === 'info' || tone === 'quiet' ? 'info' : 'warn'} />
      <div>{children}</div>
    </div>
  );
}

interface LoadedProps<T> {
  readonly data: T | null | undefined;
  readonly error: ErrorLike | undefined;
  readonly isLoading: boolean;
  readonly onRetry: () => void;
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** The one way a page waits, fails and shows: whatever arrived is shown, with a word when a part is missing. */
export function Loaded<T>({ data, error, isLoading, onRetry, skeleton, children }: LoadedProps<T>) {
  if (data != null) {
    return (
      <>
        {error && (
          <Notice tone="warn">
            Some figures are not available right now. What is shown is right; the rest follows by itself.
          </Notice>
        )}
        {children(data)}
      </>
    );
  }
  if (error) return <Failure error={error} onRetry={onRetry} />;
  if (isLoading) return skeleton ?? <Skeleton rows={5} />;
  return (
    <Empty icon="info" title="Nothing here">
      It may have been removed, or it belongs to somebody else.
    </Empty>
  );
}
