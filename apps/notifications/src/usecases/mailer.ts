import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { unavailable } from '@kilowatch/kernel';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import { createTransport } from 'nodemailer';
import type { configShape } from '../config.js';
import type { Paper } from '../domain/papers.js';

export interface Mail {
  /** Same id, same mail: becomes the Message-ID, by which mail systems drop repetitions. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly Paper[];
}

const STEP_MS = 10_000;
const CONNECTIONS = 3;

/** The SMTP client. A mail is sent when the server has taken responsibility for it. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport;
  private readonly from: string;
  private readonly domain: string;

  constructor(@Inject(CONFIG) config: ConfigOf<typeof configShape>) {
    this.from = config.KW_MAIL_FROM;
    this.domain = /@([\w.-]+)/.exec(this.from)?.[1] ?? 'kilowatch.local';
    const url = config.KW_SMTP_URL?.reveal();
    this.transport = url === undefined ? undefined : createTransport(transportOptions(url));
  }

  /** Throws when the server did not take it. */
  async send(mail: Mail): Promise<void> {
    if (!this.transport) throw unavailable('NOTIFICATIONS_NO_MAIL', 'E-mail is not set up.');
    await this.transport.sendMail({
      from: this.from,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      attachments: mail.attachments.map(({ name, mediaType, content }) => ({
        filename: name,
        contentType: mediaType,
        content,
      })),
      messageId: `<${mail.id}@${this.domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}

function transportOptions(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  return {
    host: hostname,
    port: Number(port || (secure ? 465 : 587)),
    secure,
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    pool: true as const,
    maxConnections: CONNECTIONS,
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
  };
}
