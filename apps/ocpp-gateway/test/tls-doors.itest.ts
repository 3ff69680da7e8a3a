// Real: TLS handshakes between Node's client and a server with the settings of each door.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type SecureVersion, type Server } from 'node:tls';
import { aCertificate } from '@kilowatch/testing/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainProblems } from '../src/domain/certificate-chain.js';
import { TLS_DOORS } from '../src/domain/tls-doors.js';

const root = aCertificate({ name: 'Kilowatch Test Root', isCa: true });
const between = aCertificate({ name: 'Kilowatch Test Intermediate', issuer: root, isCa: true });
const leaf = aCertificate({ name: 'localhost', issuer: between });
const chain = leaf.certificate + between.certificate;

const servers: Server[] = [];
const ports: Partial<Record<keyof typeof TLS_DOORS, number>> = {};
beforeAll(async () => {
  for (const door of ['usual', 'legacy'] as const) {
    const server = createServer({ ...TLS_DOORS[door], key: leaf.key, cert: chain }, (socket) => socket.end());
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    ports[door] = (server.address() as AddressInfo).port;
  }
});
afterAll(() => {
  for (const server of servers) server.close();
});

/** The version agreed on, or why there is none. */
async function spoken(door: keyof typeof TLS_DOORS, version: SecureVersion, ca = root.certificate) {
  const socket = connect({
    host: '127.0.0.1',
    port: ports[door]!,
    ca,
    minVersion: version,
    maxVersion: version,
    ciphers: 'ALL:@SECLEVEL=0',
    checkServerIdentity: () => undefined,
  });
  return new Promise<string>((resolve) => {
    socket.on('secureConnect', () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('the doors for TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('Q7: the usual one speaks %s', async (version) => {
    expect(await spoken('usual', version)).toBe(version);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('Q7: %s is spoken at the old one only', async (version) => {
    expect(await spoken('legacy', version)).toBe(version);
    expect(await spoken('usual', version)).not.toBe(version);
  });

  it('Q7: a station that holds the root alone can follow the chain, one with another root cannot', async () => {
    expect(await spoken('usual', 'TLSv1.2')).toBe('TLSv1.2');
    const other = aCertificate({ name: 'Another Root', isCa: true }).certificate;
    expect(await spoken('usual', 'TLSv1.2', other)).toMatch(/UNABLE_TO|SELF_SIGNED/);
    const facts = [leaf, between].map(({ certificate }) => {
      const { subject, issuer, validFrom, validTo } = new X509Certificate(certificate);
      return { subject, issuer, validFrom: new Date(validFrom), validTo: new Date(validTo) };
    });
    expect(chainProblems(facts, 'CN=Kilowatch Test Root', new Date())).toEqual([]);
    expect(chainProblems(facts.slice(0, 1), 'CN=Kilowatch Test Root', new Date())).toHaveLength(1);
  });
});
