import { Button } from '../../ui/button.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';

export interface Issued {
  readonly clientId: string;
  readonly name: string;
  readonly secret: string;
}

/** A secret, this once. It is in this page's memory alone and gone with it. */
export function IssuedSecret({ issued, onKept }: { issued: Issued; onKept: () => void }) {
  const { clientId, name, secret } = issued;
  return (
    <Card title={`Secret of ${name}`}>
      <Notice tone="warn">
        Copy the secret now, to where the program reads it. It is not shown again: if it is lost, renew it.
      </Notice>
      <p>
        client_id <code className="secret">{clientId}</code>
      </p>
      <p>
        client_secret{' '}
        <code className="secret" data-figure="client-secret">
          {secret}
        </code>
      </p>
      <div className="form-actions">
        <CopyButton text={secret}>Copy the secret</CopyButton>
        <Button look="primary" onClick={onKept}>
          I have kept it
        </Button>
      </div>
      <p className="quiet">
        The program gets its tokens at <code>POST /oauth/token</code> (OAuth 2.0, client credentials).
      </p>
    </Card>
  );
}
