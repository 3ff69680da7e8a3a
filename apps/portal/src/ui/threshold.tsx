import { useEffect, type ReactNode } from 'react';
import { Brand } from './brand.js';

interface ThresholdProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of pages for people who are not signed in (yet): one card before the door. */
export function Threshold({ title, lead, children }: ThresholdProps) {
  useEffect(() => {
    document.title = `${title} · Kilowatch`;
  }, [title]);
  return (
    <main className="threshold">
      <div className="threshold-art" aria-hidden="true">
        <svg viewBox="0 0 400 120" preserveAspectRatio="none">
          <path d="M0 108C40 104 60 22 110 20S230 24 270 30s70 50 130 70" />
        </svg>
      </div>
      <div className="sign-in">
        <Brand />
        <h1>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
        {children}
      </div>
    </main>
  );
}
