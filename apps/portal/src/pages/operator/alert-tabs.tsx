import { NavLink } from 'react-router';

/** What was told (alerts) and what was found (anomalies, attempts, unknown cards, what drivers ask about contracts) stand side by side for operators. */
export function OperatorAlertTabs() {
  return (
    <nav className="tabs" aria-label="Alerts, anomalies, attempts, unknown cards and contracts">
      <NavLink to="/alerts">Alerts</NavLink>
      <NavLink to="/anomalies">Anomalies</NavLink>
      <NavLink to="/attempts">Attempts</NavLink>
      <NavLink to="/unknown-cards">Unknown cards</NavLink>
      <NavLink to="/contracts">Contracts</NavLink>
    </nav>
  );
}
