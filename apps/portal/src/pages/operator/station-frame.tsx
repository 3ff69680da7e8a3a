import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import type { StationHead } from '../../api/documents/stations.js';
import { formatAgo } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { useNow } from '../../ui/use-now.js';

interface StationFrameProps {
  readonly id: string;
  readonly station: StationHead | null | undefined;
  readonly children: ReactNode;
}

/** What all pages about one station have in common: its name, whether it is there, the way to the others. */
export function StationFrame({ id, station, children }: StationFrameProps) {
  const of = `/stations/${id}`;
  return (
    <Page
      title={station?.name ?? 'Station'}
      back={{ to: '/stations', text: 'Stations' }}
      lead={station && <StationLead station={station} />}
    >
      <nav className="tabs" aria-label="About this station">
        <NavLink to={of} end>
          Now
        </NavLink>
        <NavLink to={`${of}/connection`}>Connection</NavLink>
        <NavLink to={`${of}/messages`}>Messages</NavLink>
        <NavLink to={`${of}/commands`}>Commands</NavLink>
      </nav>
      {children}
    </Page>
  );
}

function StationLead({ station }: { station: StationHead }) {
  const now = useNow(30_000);
  const seen = station.lastSeenAt ? `, last seen ${formatAgo(station.lastSeenAt, now)}` : '';
  return (
    <p className="session-lead">
      <span className="online" data-online={station.online} role="status">
        {station.online ? 'Online' : `Offline${seen}`}
      </span>
      <span>
        {station.identity} · {[station.location.name, station.location.city].filter(Boolean).join(', ')}
      </span>
    </p>
  );
}
