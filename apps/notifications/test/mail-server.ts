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
