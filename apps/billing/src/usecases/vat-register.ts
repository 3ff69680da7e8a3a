import { isAppError } from '@kilowatch/kernel';
import { EgressPolicy, guardedFetch, type Logger } from '@kilowatch/platform';
import { z } from 'zod';
import { companyOf, isInVies, type Lookup, type VatNumber } from '../domain/vat-number.js';

/** Injection token: who knows whether a VAT number was given to anybody. */
export const VAT_REGISTER = Symbol('VAT_REGISTER');

export interface VatRegister {
  /** As it stands beside what it said; empty when nobody is asked. */
  readonly name: string;
  /** Never rejects: a register that cannot be asked is away. */
  look(number: VatNumber): Promise<Lookup>;
}

/** The default: forms only. */
export const NO_REGISTER: VatRegister = { name: '', look: () => Promise.resolve({ kind: 'off' }) };

/** The station waits 8 s for its answer, all in all. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

const answerSchema = z.object({
  isValid: z.boolean(),
  /** VALID, INVALID, or why nobody knows: MS_UNAVAILABLE, TIMEOUT, ... */
  userError: z.string().default(''),
  name: z.string().nullish(),
  address: z.string().nullish(),
});

/** VIES, the service of the European Commission: it asks the register of the member state. */
export class ViesRegister implements VatRegister {
  readonly name = 'VIES';

  constructor(
    private readonly url: string,
    private readonly egress: EgressPolicy,
    private readonly log: Logger,
  ) {}

  async look(number: VatNumber): Promise<Lookup> {
    if (!isInVies(number)) return { kind: 'off' };
    const { country, number: digits } = number;
    try {
      const response = await guardedFetch(`${this.url}/ms/${country}/vat/${encodeURIComponent(digits)}`, {
        hosts: [new URL(this.url).host],
        egress: this.egress,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        headers: { accept: 'application/json' },
      });
      const answer = response.status === 200 ? answerSchema.safeParse(response.json()) : undefined;
      if (answer?.success) return lookupOf(number, answer.data);
      this.log.warn({ status: response.status }, 'register of VAT numbers gave no answer that can be read');
    } catch (error) {
      this.log.warn({ code: isAppError(error) ? error.code : 'error' }, 'register of VAT numbers is away');
    }
    return { kind: 'away' };
  }
}

function lookupOf(number: VatNumber, answer: z.infer<typeof answerSchema>): Lookup {
  if (answer.isValid)
    return { kind: 'registered', company: companyOf(number, answer.name ?? '', answer.address ?? '') };
  // Not valid and nothing said about the number: the member state was not there to ask.
  return { kind: answer.userError === '' || answer.userError === 'INVALID' ? 'unknown' : 'away' };
}
