import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly messageId: string;
  readonly raw: string;
}

/** A real SMTP server on loopback that keeps what it takes; it can be told to refuse. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Answers 451 to recipients in here, as long as they are in here. */
  readonly refused = new Set<string>();
  /** Answers 550 to these: there are no such people. */
  readonly unknown = new Set<string>();
  refusals = 0;

  private constructor(
    private readonly server: SMTPServer,
    readonly url: string,
  ) {}

  static async start(): Promise<MailServer> {
    const holder: { mails?: MailServer } = {};
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, done) => {
        if (holder.mails?.unknown.has(address))
          return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
        if (!holder.mails?.refused.has(address)) return done();
        holder.mails.refusals += 1;
        done(Object.assign(new Error('try again later'), { responseCode: 451 }));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('utf8');
          holder.mails?.received.push({
            to: session.envelope.rcptTo[0]?.address ?? '',
            subject: /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(raw)?.[1] ?? '',
            messageId: /^Message-ID: <(.*)>/im.exec(raw)?.[1] ?? '',
            raw,
          });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    holder.mails = new MailServer(
      server,
      `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    );
    return holder.mails;
  }

  to(address: string): ReceivedMail[] {
    return this.received.filter((mail) => mail.to === address);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** The files of a mail as a reader finds them in it (RFC 2046, RFC 2183). */
export function attachmentsOf({ raw }: ReceivedMail): Attachment[] {
  const boundary = /^Content-Type: multipart\/mixed;\s+boundary="(.+)"/m.exec(raw)?.[1];
  if (boundary === undefined) return [];
  return raw.split(`--${boundary}`).flatMap((part) => {
    const [head = '', ...body] = part.split('\r\n\r\n');
    const name = /^Content-Disposition: attachment;\s+filename="?([^"\r\n]+)"?/m.exec(head)?.[1];
    if (name === undefined) return [];
    const mediaType = /^Content-Type: ([^;\r\n]+)/m.exec(head)?.[1] ?? '';
    return [{ name, mediaType, content: Buffer.from(body.join(''), 'base64') }];
  });
}

/** The words of a mail, whether it has attachments or not; nodemailer writes them quoted-printable or as they are. */
export function wordsOf({ raw }: ReceivedMail): string {
  const bytes = raw
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
