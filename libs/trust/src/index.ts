// @kilowatch/trust: certificates and what may be believed of them. Pure: no I/O, clock or randomness; times are arguments.
export {};
