import { NavLink } from 'react-router';

/** The stations, those that do not get in, and what they said that nobody could process. */
export function StationsTabs() {
  return (
    <nav className="tabs" aria-label="Stations, attempts to connect, messages set aside">
      <NavLink to="/stations" end>
        Stations
      </NavLink>
      <NavLink to="/connection-attempts">Connecting</NavLink>
      <NavLink to="/set-aside">Set aside</NavLink>
    </nav>
  );
}
