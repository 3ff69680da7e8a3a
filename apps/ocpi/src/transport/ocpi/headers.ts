/** Ids and routing of a request in its answer (docs/ocpi-notes.md T11, T12). */
import { invalid } from '@kilowatch/kernel';
import type { Request, Response } from 'express';
import type { Party } from '../../domain/values.js';

const ECHOED = ['X-Request-ID', 'X-Correlation-ID'];
const SAFE = /^[\x21-\x7e]{1,255}$/;

export function echoIds(request: Request, response: Response): void {
  for (const name of ECHOED) {
    const value = request.get(name);
    if (value !== undefined && SAFE.test(value)) response.setHeader(name, value);
  }
}

/** Puts our party as sender and the asking one as receiver. Throws INVALID when the request was meant for another party. */
export function swapRouting(request: Request, response: Response, us: Party): void {
  const header = (name: string) => request.get(name)?.trim().toUpperCase();
  const to = [header('OCPI-to-country-code'), header('OCPI-to-party-id')];
  const from = [header('OCPI-from-country-code'), header('OCPI-from-party-id')];
  response.setHeader('OCPI-from-country-code', us.countryCode);
  response.setHeader('OCPI-from-party-id', us.partyId);
  if (from.every((part) => part !== undefined && SAFE.test(part))) {
    response.setHeader('OCPI-to-country-code', from[0]!);
    response.setHeader('OCPI-to-party-id', from[1]!);
  }
  const others = to.some((part, i) => part !== undefined && part !== [us.countryCode, us.partyId][i]);
  if (others) throw invalid('OCPI_RECEIVER', 'This party is not reached here.');
}
