import { BlockList, isIP } from 'node:net';
import { isPublicAddress, unmapped } from './address.js';

/** What outbound requests may reach beyond public https: nothing, except what the configuration names. */
export class EgressPolicy {
  private readonly hosts = new Set<string>();
  private readonly networks = new BlockList();

  /**
   * @param allow entries of KW_EGRESS_ALLOW: `host`, `host:port`, `[v6]:port`, an address, or a network `127.0.0.0/8`.
   *   A named peer may use http and a private address. Meant for development and for partners inside a private network.
   */
  constructor(allow: readonly string[] = []) {
    for (const entry of allow) this.add(entry.trim().toLowerCase());
  }

  /** Parses the comma-separated form of the variable. */
  static parse(text: string | undefined): EgressPolicy {
    return new EgressPolicy((text ?? '').split(',').filter((entry) => entry.trim() !== ''));
  }

  /** Whether this peer (URL host, port, the address it resolved to) was named by the configuration. */
  names(host: string, port: number, address: string): boolean {
    const plain = unmapped(address);
    const family = isIP(plain);
    return (
      this.hosts.has(host) ||
      this.hosts.has(`${host}:${port}`) ||
      (family !== 0 && this.networks.check(plain, family === 4 ? 'ipv4' : 'ipv6'))
    );
  }

  allows(protocol: string, host: string, port: number, address: string): boolean {
    if (this.names(host, port, address)) return protocol === 'https:' || protocol === 'http:';
    return protocol === 'https:' && isPublicAddress(address);
  }

  private add(entry: string): void {
    const [network, bits] = entry.split('/');
    if (network !== undefined && bits !== undefined) {
      const family = isIP(network);
      if (family === 0 || !/^\d{1,3}$/.test(bits))
        throw new Error(`KW_EGRESS_ALLOW: "${entry}" is not a network`);
      this.networks.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    } else if (/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(entry)) {
      this.hosts.add(entry);
    } else {
      throw new Error(`KW_EGRESS_ALLOW: "${entry}" is neither host, host:port nor network`);
    }
  }
}
