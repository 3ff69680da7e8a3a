import { NavLink } from 'react-router';
import { isOperator, useAccount } from '../../api/api-context.js';

/** The pages about oneself. Cards and contracts are drivers' alone. */
export function AccountTabs() {
  const operator = isOperator(useAccount());
  return (
    <nav className="tabs" aria-label="Your account">
      <NavLink to="/account" end>
        You
      </NavLink>
      <NavLink to="/account/security">Security</NavLink>
      {!operator && <NavLink to="/account/cards">Cards</NavLink>}
      {!operator && <NavLink to="/account/payment">Paying</NavLink>}
      {!operator && <NavLink to="/account/contracts">Contracts</NavLink>}
    </nav>
  );
}
