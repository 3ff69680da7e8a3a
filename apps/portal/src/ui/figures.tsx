import type { ReactNode } from 'react';
import type { Figure } from './format.js';

interface FigureItemProps {
  readonly label: string;
  /** Stable name of the figure, for tests. */
  readonly name: string;
  readonly figure: Figure | string;
  readonly note?: ReactNode;
  readonly big?: boolean;
}

/** A list of measured figures, each with its name: `<Figures><FigureItem .../></Figures>`. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

export function FigureItem({ label, name, figure, note, big = false }: FigureItemProps) {
  return (
    <div className="figure" data-figure={name} data-big={big || undefined}>
      <dt>{label}</dt>
      <dd>
        <span className="figure-value">
          {typeof figure === 'string' ? (
            figure
          ) : (
            <>
              {figure.value}
              <span className="figure-unit">{`\u00a0${figure.unit}`}</span>
            </>
          )}
        </span>
        {note && <span className="figure-note">{note}</span>}
      </dd>
    </div>
  );
}

/** Names and values in two columns. Rows without a value are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value != null && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Time({ iso, children }: { iso: string; children: ReactNode }) {
  return <time dateTime={iso}>{children}</time>;
}
