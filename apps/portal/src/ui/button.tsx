import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'react-router';

type Look = 'primary' | 'secondary' | 'danger' | 'plain';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  /** Shown while it works; the button keeps its place and its focus. */
  busy?: string | undefined;
}

export function Button({
  look = 'secondary',
  busy,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const isBusy = busy !== undefined;
  return (
    <button
      {...rest}
      type={type}
      className="button"
      data-look={look}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
    >
      {isBusy ? (
        <>
          <span className="spinner" aria-hidden="true" />
          {busy}
        </>
      ) : (
        children
      )}
    </button>
  );
}

export function ButtonLink({
  to,
  look = 'secondary',
  children,
}: {
  to: string;
  look?: Look;
  children: ReactNode;
}) {
  return (
    <Link to={to} className="button" data-look={look}>
      {children}
    </Link>
  );
}
