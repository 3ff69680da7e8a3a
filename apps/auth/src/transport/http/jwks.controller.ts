import { Controller, Get, Header } from '@nestjs/common';
import type { JWK } from 'jose';
import { AccessTokens } from '../../usecases/access-tokens.js';
import { RevokedTokenList } from '../../usecases/revoked-tokens.js';

/** Public keys of access tokens, and which count no more, for every service that verifies them. */
@Controller('.well-known')
export class JwksController {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly revoked: RevokedTokenList,
  ) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  keySet(): Promise<{ keys: JWK[] }> {
    return this.tokens.keySet();
  }

  /** Hashes: whoever reads it learns no ids. */
  @Get('revoked.json')
  @Header('cache-control', 'no-store')
  async revokedTokens(): Promise<{ revoked: string[] }> {
    return { revoked: await this.revoked.names() };
  }
}
