import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Icon } from './icon.js';

interface PageProps {
  readonly title: string;
  /** A short line above or below the title: where this belongs. */
  readonly lead?: ReactNode;
  readonly back?: { to: string; text: string };
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Every page has one heading, which is also the document's title. */
export function Page({ title, lead, back, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Kilowatch`;
  }, [title]);
  return (
    <>
      <header className="page-head">
        <div>
          {back && (
            <Link className="back-link" to={back.to}>
              <Icon name="back" />
              {back.text}
            </Link>
          )}
          <h1>{title}</h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

interface CardProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Named for tests and deep links. */
  readonly id?: string;
}

export function Card({ title, actions, children, id }: CardProps) {
  return (
    <section className="card" aria-label={title} id={id}>
      <div className="card-head">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
