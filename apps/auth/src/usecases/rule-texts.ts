import type { DecisionStep } from '../domain/decision.js';

const PASSED: Readonly<Record<string, string>> = {
  key_code_back_off: 'It is no code, or nobody guesses codes here.',
  start_button: 'It is a token, not the start button.',
  contract_certificate: 'No certificate speaks against it.',
  autocharge: 'It is not a vehicle by itself, or such vehicles may charge here.',
  known: 'The token is known.',
  blocked: 'It is not blocked.',
  account: 'Its account is active, or it belongs to nobody.',
  expiry: 'It has not expired.',
  master_pass: 'It is not of the master pass group, or this is a stop.',
  location: 'It may charge at this location.',
  evse: 'It may use an EVSE here.',
  hours: 'It may charge at this time.',
  waiting:
    'No EVSE waits with a token that was refused, another one is free, or it is the same token or of its group.',
  concurrent: 'It has no session elsewhere, or may have several.',
  credit: 'Its account has no limit, or enough is left to start.',
};

const SPOKEN: Readonly<Record<string, string>> = {
  key_code_back_off: 'Too many wrong codes here: for a while none is looked at.',
  start_button: 'The start button is on here: nobody pays for the session.',
  start_button_is_off: 'The start button is off here (setAuthorizationPolicy, startButton).',
  autocharge_is_off: 'Charging by the vehicle alone is off here (setAuthorizationPolicy, autocharge).',
  local_trusted: 'The station made this token, and such tokens are believed here.',
  free_vend: 'Everybody may charge here (setAuthorizationPolicy, freeVend).',
  token_unknown: 'Nobody has imported this token (importTokens, kw tokens import).',
  token_blocked: 'The token is blocked (setTokenStatus).',
  account_inactive: 'Its account is switched off (setAccountActive).',
  token_expired: 'The token has expired.',
  master_pass_may_not_start: 'Tokens of the master pass group stop sessions and start none.',
  master_pass: 'It is of the master pass group: it may stop any session.',
  location_not_allowed: 'The token is limited to other locations.',
  evse_type_not_allowed: 'The token is limited to EVSEs of another kind.',
  time_not_allowed: 'The token is limited to other hours.',
  waiting_for_other_token:
    'Another token was refused here and its session goes on: it has to end first (unplug the car).',
  session_open_elsewhere: 'It has a session elsewhere and may have only one.',
  no_credit: 'Nothing is left that its account may spend.',
  below_minimum_to_start: 'Less is left than was agreed as the minimum to start.',
  account_blocked: 'Its account may start nothing until somebody lifts that (payment terms).',
  token_active: 'Nothing speaks against it.',
  contract_active: 'The certificate is good and nothing speaks against its token.',
};

/** For people. A reason without a text of its own comes from the certificate, whose steps have theirs. */
export function ruleText({ rule, status, reason }: DecisionStep): string {
  if (status === '') return PASSED[rule] ?? '';
  return SPOKEN[reason] ?? 'Its certificate speaks against it.';
}
