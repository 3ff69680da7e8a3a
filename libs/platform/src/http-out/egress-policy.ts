import { BlockList, isIP } from 'node:net';
import { isPublicAddress, unmapped } from './address.js';

/** What an entry of the configuration opens to its peer. */
type Opening = 'http' | 'private';

const PRIVATE = 'private:';

/** What outbound requests may reach beyond public https: nothing, except what the configuration names. */
export class EgressPolicy {
  private readonly hosts = new Map<string, Opening>();
  private readonly networks = new BlockList();

  /**
   * @param allow entries of KW_EGRESS_ALLOW. `host` or `host:port` opens http to that name, at public addresses only: whoever holds its
   *   DNS must not lead us inside. `private:host`, an address, `[v6]:port`, a network (`127.0.0.0/8`) and `localhost` (for loopback) open
   *   private addresses too. Meant for development, for responders that speak http, and for partners inside a private network.
   */
  constructor(allow: readonly string[] = []) {
    for (const entry of allow) this.add(entry.trim().toLowerCase());
  }

  /** Parses the comma-separated form of the variable. */
  static parse(text: string | undefined): EgressPolicy {
    return new EgressPolicy((text ?? '').split(',').filter((entry) => entry.trim() !== ''));
  }

  /** Whether a request may go to this peer: URL host, port, and each address that it resolved to. */
  allows(protocol: string, host: string, port: number, address: string): boolean {
    if (protocol !== 'https:' && protocol !== 'http:') return false;
    const opened = this.opened(host, port, address);
    if (opened === 'private') return true;
    return isPublicAddress(address) && (opened === 'http' || protocol === 'https:');
  }

  private opened(host: string, port: number, address: string): Opening | undefined {
    const plain = unmapped(address);
    const family = isIP(plain);
    if (family !== 0 && this.networks.check(plain, family === 4 ? 'ipv4' : 'ipv6')) return 'private';
    const found = [this.hosts.get(host), this.hosts.get(`${host}:${port}`)];
    const opening = found.includes('private') ? 'private' : found.find((one) => one !== undefined);
    return opening === 'private' && host === 'localhost' && !isLoopback(plain) ? undefined : opening;
  }

  private add(entry: string): void {
    const [network, bits] = entry.split('/');
    if (network !== undefined && bits !== undefined) {
      const family = isIP(network);
      if (family === 0 || !/^\d{1,3}$/.test(bits))
        throw new Error(`KW_EGRESS_ALLOW: "${entry}" is not a network`);
      this.networks.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
      return;
    }
    const isPrivate = entry.startsWith(PRIVATE);
    const peer = isPrivate ? entry.slice(PRIVATE.length) : entry;
    if (!/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(peer))
      throw new Error(`KW_EGRESS_ALLOW: "${entry}" is neither host, host:port nor network`);
    this.hosts.set(peer, isPrivate || saysItsAddress(peer) ? 'private' : 'http');
  }
}

/** An address itself, or the one name that nobody resolves elsewhere. */
function saysItsAddress(peer: string): boolean {
  const host = peer.startsWith('[') ? 'v6' : peer.replace(/:\d+$/, '');
  return host === 'v6' || host === 'localhost' || isIP(host) !== 0;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
