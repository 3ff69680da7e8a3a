import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { CreateAccount } from './create-account.js';

/** A new installation has nobody who could create accounts: the first administrator comes from the configuration. */
@Injectable()
export class BootstrapAdmin implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    private readonly accounts: CreateAccount,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { KW_BOOTSTRAP_ADMIN_EMAIL: email, KW_BOOTSTRAP_ADMIN_PASSWORD: password } = this.config;
    if (email && password)
      await this.accounts.ensureAdmin(this.config.KW_DEFAULT_TENANT, email, password.reveal());
  }
}
