import { join } from 'node:path';
import { startNats, startPostgres } from '@kilowatch/testing';
import { startMailSink, type MailSink } from './mail-sink.js';
import type { SystemOptions } from './system-options.js';

export type Postgres = Awaited<ReturnType<typeof startPostgres>>;
export type Nats = Awaited<ReturnType<typeof startNats>>;

export interface Servers {
  /** Undefined where one was given by URL. */
  readonly postgres: Postgres | undefined;
  readonly nats: Nats | undefined;
  readonly mail: MailSink;
}

/** What the services stand on, side by side: all of it or, when a part does not start, none. */
export async function startServers(options: SystemOptions): Promise<Servers> {
  const [postgres, nats, mail] = await Promise.allSettled([
    options.databaseUrl
      ? undefined
      : startPostgres({
          dataDir: join(options.dataDir, 'postgres'),
          fsync: options.fsync,
          ...(options.postgresSettings ? { settings: options.postgresSettings } : {}),
        }),
    options.natsUrl ? undefined : startNats({ storeDir: join(options.dataDir, 'nats') }),
    startMailSink(join(options.dataDir, 'mail')),
  ]);
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled' && mail.status === 'fulfilled') {
    return { postgres: postgres.value, nats: nats.value, mail: mail.value };
  }
  if (postgres.status === 'fulfilled') await postgres.value?.stop();
  if (nats.status === 'fulfilled') await nats.value?.stop();
  if (mail.status === 'fulfilled') await mail.value.close();
  const failed = [postgres, nats, mail].find((part) => part.status === 'rejected');
  throw failed?.reason;
}
