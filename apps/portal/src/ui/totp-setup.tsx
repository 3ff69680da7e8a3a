import { useState, type FormEvent } from 'react';
import { Button } from './button.js';
import { CopyButton } from './copy-button.js';
import { Field, fieldOf } from './field.js';
import { QrCode } from './qr-code.js';
import { Notice } from './states.js';

interface TotpSetupProps {
  readonly secret: string;
  readonly uri: string;
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  readonly onCode: (code: string) => void;
}

/** The secret for an authenticator app, as a picture and in letters, and the first code that proves it arrived. */
export function TotpSetup({ secret, uri, isBusy, problem, onCode }: TotpSetupProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onCode(fieldOf(new FormData(event.currentTarget), 'code').replaceAll(/\s/g, ''));
  };
  return (
    <form className="stack" onSubmit={submit}>
      <p>Scan this with an authenticator app, or type the key into it. Then enter the code that it shows.</p>
      <QrCode text={uri} label="QR code of the key below, for an authenticator app" />
      <p>
        Key: <code data-figure="totp-secret">{inFours(secret)}</code>
      </p>
      <div className="form-actions">
        <CopyButton text={secret}>Copy the key</CopyButton>
      </div>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Field
        label="Code from the app"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9 ]{6,7}"
        title="Six digits"
        required
      />
      <div className="form-actions">
        <Button type="submit" look="primary" busy={isBusy ? 'Checking…' : undefined}>
          Switch it on
        </Button>
      </div>
    </form>
  );
}

/** Easier to type off. */
export function inFours(secret: string): string {
  return secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
}

/** Shown once. Whoever goes on says that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const [isKept, setKept] = useState(false);
  return (
    <div className="stack">
      <Notice tone="warn">
        Keep these codes where you find them without your phone. Each lets you in once instead of a code. They
        are not shown again.
      </Notice>
      <ul className="secret-list" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="form-actions">
        <CopyButton text={codes.join('\n')}>Copy the codes</CopyButton>
      </div>
      <label className="check">
        <input type="checkbox" checked={isKept} onChange={() => setKept(!isKept)} />
        <span>I have kept them</span>
      </label>
      <div className="form-actions">
        <Button look="primary" disabled={!isKept} onClick={onKept}>
          Go on
        </Button>
      </div>
    </div>
  );
}
