// Q6: what an installer types into the station, in the fields that its setup page has, ready to be copied. URLs are pasted
// without their scheme, or with https: so each field holds exactly what belongs there.

import type { SetupForm } from './station-model.js';

export interface PublicAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface SetupField {
  readonly field: 'url' | 'identity' | 'host' | 'port' | 'path' | 'tls';
  readonly value: string;
}

export function setupFields(
  address: PublicAddress,
  tenant: string | null,
  identity: string,
  form: SetupForm,
): SetupField[] {
  const { host, port, tls } = address;
  const isUsualPort = port === (tls ? 443 : 80);
  const base = `${tls ? 'wss' : 'ws'}://${host}${isUsualPort ? '' : `:${port}`}`;
  const path = `/ocpp${tenant === null ? '' : `/${tenant}`}`;
  const id = encodeURIComponent(identity);
  switch (form) {
    case 'url':
      return [{ field: 'url', value: `${base}${path}/${id}` }];
    case 'base':
      // The station appends its own identity: with it in the URL it would come twice.
      return [
        { field: 'url', value: `${base}${path}` },
        { field: 'identity', value: identity },
      ];
    case 'parts':
      return [
        { field: 'host', value: host },
        { field: 'port', value: String(port) },
        { field: 'path', value: `${path}/${id}` },
        { field: 'tls', value: tls ? 'on' : 'off' },
      ];
  }
}
