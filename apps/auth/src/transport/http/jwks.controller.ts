import { Controller, Get, Header } from '@nestjs/common';
import type { JWK } from 'jose';
import { AccessTokens } from '../../usecases/access-tokens.js';

/** Public keys of access tokens, for every service that verifies them. */
@Controller('.well-known')
export class JwksController {
  constructor(private readonly tokens: AccessTokens) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  keySet(): Promise<{ keys: JWK[] }> {
    return this.tokens.keySet();
  }
}
