import { NavLink } from 'react-router';

/** What administrators alone look after: people, programs that act by themselves, and who did what. */
export function AccessTabs() {
  return (
    <nav className="tabs" aria-label="Access">
      <NavLink to="/access/people">People</NavLink>
      <NavLink to="/access/clients">Clients</NavLink>
      <NavLink to="/access/audit">Audit log</NavLink>
    </nav>
  );
}
