import { NavLink } from 'react-router';

/** What was told (alerts) and what was found (anomalies) stand side by side for operators. */
export function OperatorAlertTabs() {
  return (
    <nav className="tabs" aria-label="Alerts and anomalies">
      <NavLink to="/alerts">Alerts</NavLink>
      <NavLink to="/anomalies">Anomalies</NavLink>
    </nav>
  );
}
