import { useEffect } from 'react';
import { Link } from 'react-router';
import type { AlertParts } from '../api/documents/alerts.js';
import { Icon } from '../ui/icon.js';
import { alertTarget } from '../words/alert-target.js';
import { SEVERITY_TONES } from '../words/alert-words.js';

const SHOWN_MS = 12_000;

interface AlertToastsProps {
  readonly alerts: readonly AlertParts[];
  readonly onDismiss: (id: string) => void;
}

/** Alerts as they come in, announced politely. They stay in the inbox after they leave here. */
export function AlertToasts({ alerts, onDismiss }: AlertToastsProps) {
  return (
    <div className="toasts" role="region" aria-label="New alerts" aria-live="polite">
      {alerts.map((alert) => (
        <Toast key={alert.id} alert={alert} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

function Toast({ alert, onDismiss }: { alert: AlertParts; onDismiss: (id: string) => void }) {
  useEffect(() => {
    const timer = setTimeout(() => onDismiss(alert.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [alert.id, onDismiss]);
  return (
    <div className="toast" data-tone={SEVERITY_TONES[alert.severity]}>
      <Icon name={alert.severity === 'INFO' ? 'bell' : 'warn'} />
      <Link to={alertTarget(alert)} onClick={() => onDismiss(alert.id)}>
        <strong>{alert.title}</strong>
        <span>{alert.body}</span>
      </Link>
      <button type="button" className="icon-button" onClick={() => onDismiss(alert.id)}>
        <Icon name="close" />
        <span className="visually-hidden">Dismiss: {alert.title}</span>
      </button>
    </div>
  );
}
