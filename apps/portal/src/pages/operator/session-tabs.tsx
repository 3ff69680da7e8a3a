import { NavLink } from 'react-router';

/** What charges now, and what was charged but is not settled. */
export function OperatorSessionTabs() {
  return (
    <nav className="tabs" aria-label="Sessions and bills">
      <NavLink to="/sessions" end>
        Live
      </NavLink>
      <NavLink to="/bills/held">Bills that wait</NavLink>
      <NavLink to="/bills/objections">Objections</NavLink>
      <NavLink to="/bills/overdue">Overdue</NavLink>
      <NavLink to="/bills/chargebacks">Chargebacks</NavLink>
      <NavLink to="/tariffs">Tariffs</NavLink>
      <NavLink to="/revenue">Revenue</NavLink>
      <NavLink to="/payouts">Payouts</NavLink>
      <NavLink to="/payees">Payees</NavLink>
    </nav>
  );
}
