import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '@kilowatch/kernel';
import { CONFIG, LOGGER, type ConfigOf, type Logger } from '@kilowatch/platform';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { configShape } from '../config.js';
import { knownTransports, type Passkey } from '../domain/passkey.js';
import type { Account } from '../persistence/account.repository.js';

/** What the authenticator made, once it was found good. */
export type NewCredential = Pick<
  Passkey,
  'credentialId' | 'publicKey' | 'counter' | 'transports' | 'backedUp'
>;

// ES256, EdDSA, RS256: what authenticators have.
const ALGORITHMS = [-7, -8, -257];

/**
 * The two ceremonies of WebAuthn by @simplewebauthn/server, for our origins and our relying party only. The challenge is the hash
 * of a ticket, so that it is bound to what the ticket says, and nothing has to be kept of those who never come back.
 */
@Injectable()
export class PasskeyCeremony {
  constructor(
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  registrationOptions(ticket: string, account: Account, held: readonly Passkey[]) {
    return generateRegistrationOptions({
      rpName: this.config.KW_PASSKEY_RP_NAME,
      rpID: this.config.KW_PASSKEY_RP_ID,
      userName: account.email || account.displayName,
      userDisplayName: account.displayName,
      userID: Uint8Array.from(Buffer.from(account.id)),
      challenge: challengeOf(ticket),
      attestationType: 'none',
      excludeCredentials: held.map(({ credentialId: id, transports }) => ({
        id,
        transports: [...transports],
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
  }

  /** Nobody is named: the person picks a passkey that the device knows for us. */
  signInOptions(ticket: string) {
    return generateAuthenticationOptions({
      rpID: this.config.KW_PASSKEY_RP_ID,
      challenge: challengeOf(ticket),
      userVerification: 'required',
    });
  }

  /** INVALID when it is not an answer to this challenge from one of our origins, with the person verified. */
  async registered(ticket: string, response: unknown): Promise<NewCredential> {
    const given = response as RegistrationResponseJSON;
    const verified = await verifyRegistrationResponse({
      response: given,
      ...this.expected(ticket),
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch((error: unknown) => this.refused(error));
    if (!verified?.verified) throw invalid('AUTH_PASSKEY', 'This passkey cannot be taken. Try again.');
    const { credential, credentialBackedUp: backedUp } = verified.registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: knownTransports(given.response.transports),
      backedUp,
    };
  }

  /** What the passkey says of itself after it signed this challenge; undefined when it did not. */
  async signedIn(
    ticket: string,
    response: unknown,
    passkey: Passkey,
  ): Promise<{ counter: number; backedUp: boolean } | undefined> {
    const { credentialId: id, publicKey } = passkey;
    const verified = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      ...this.expected(ticket),
      requireUserVerification: true,
      // The counter is ours to judge: a regression is on record.
      credential: { id, publicKey: Uint8Array.from(publicKey), counter: 0 },
    }).catch((error: unknown) => this.refused(error));
    if (!verified?.verified) return undefined;
    const { newCounter: counter, credentialBackedUp: backedUp } = verified.authenticationInfo;
    return { counter, backedUp };
  }

  private expected(ticket: string) {
    return {
      expectedChallenge: challengeOf(ticket).toString('base64url'),
      expectedOrigin: this.config.KW_PASSKEY_ORIGINS,
      expectedRPID: this.config.KW_PASSKEY_RP_ID,
    };
  }

  /** Whatever was sent, whoever sent it learns no more than that it was refused. */
  private refused(error: unknown): undefined {
    this.log.info(
      { reason: error instanceof Error ? error.message.slice(0, 200) : 'unknown' },
      'passkey refused',
    );
    return undefined;
  }
}

function challengeOf(ticket: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(ticket).digest() as Buffer<ArrayBuffer>;
}
