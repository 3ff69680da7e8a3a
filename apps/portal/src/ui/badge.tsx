import type { ReactNode } from 'react';
import type { Tone } from '../words/session-words.js';

/** A state in a word; the colour only repeats it. */
export function Badge({
  tone,
  children,
  pulsing = false,
}: {
  tone: Tone;
  children: ReactNode;
  pulsing?: boolean;
}) {
  return (
    <span className="badge" data-tone={tone} data-pulsing={pulsing || undefined}>
      {children}
    </span>
  );
}
