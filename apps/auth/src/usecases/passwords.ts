import { isUtf8 } from 'node:buffer';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

/** argon2id with OWASP's parameters; computed on worker threads, so the event loop stays free. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

@Injectable()
export class Passwords {
  /** A hash of nothing anyone knows: verified when there is no account, so that both cases cost the same. */
  private readonly decoy = hash('no password has this hash', OPTIONS);

  hash(password: string | Uint8Array): Promise<string> {
    return hash(digestible(password), OPTIONS);
  }

  async matches(passwordHash: string | undefined, password: string | Uint8Array): Promise<boolean> {
    const right = await verify(passwordHash ?? (await this.decoy), digestible(password));
    return passwordHash !== undefined && right;
  }
}

/** The library verifies UTF-8 only. A key of other bytes (1.6 AuthorizationKey) is hashed by its digits. */
function digestible(password: string | Uint8Array): string | Uint8Array {
  if (typeof password === 'string' || isUtf8(password)) return password;
  return `hex:${Buffer.from(password).toString('hex')}`;
}
