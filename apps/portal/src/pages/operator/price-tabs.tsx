import { NavLink } from 'react-router';

/** What charging costs, what that is made from, for whom it is, and how it is paid. */
export function PriceTabs() {
  return (
    <nav className="tabs" aria-label="Prices">
      <NavLink to="/tariffs">Tariffs</NavLink>
      <NavLink to="/prices/feeds">Market prices</NavLink>
      <NavLink to="/prices/made">Made tariffs</NavLink>
      <NavLink to="/prices/subscriptions">Subscriptions</NavLink>
      <NavLink to="/prices/groups">Groups</NavLink>
      <NavLink to="/prices/terms">Payment terms</NavLink>
    </nav>
  );
}
