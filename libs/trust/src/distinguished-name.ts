/** Names of certificates (RFC 5280 4.1.2.4). Chains are joined by the bytes; what is read out of them is for rules on CN, O and DC. */
import { AsnConvert } from '@peculiar/asn1-schema';
import { AttributeTypeAndValue } from '@peculiar/asn1-x509';
import { DER, type DerNode } from './der.js';

const LABELS: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
};

export interface DistinguishedName {
  readonly der: Uint8Array;
  /** For people: `CN=..., O=...`, in the order of the certificate. Not to be compared. */
  readonly text: string;
  /** Undefined when there is none, or several: then nobody knows which one counts. */
  readonly commonName: string | undefined;
  readonly organization: string | undefined;
  readonly domainComponents: readonly string[];
}

export function readName(node: DerNode): DistinguishedName {
  const parts = node.as(DER.sequence).children.flatMap((set) =>
    set.as(DER.set).children.map((pair) => {
      const { type, value } = AsnConvert.parse(pair.raw, AttributeTypeAndValue);
      return { label: LABELS[type] ?? type, value: value.toString() };
    }),
  );
  const values = (label: string) => parts.filter((part) => part.label === label).map(({ value }) => value);
  const only = (label: string) => (values(label).length === 1 ? values(label)[0] : undefined);
  return Object.freeze({
    der: node.raw,
    text: parts.map(({ label, value }) => `${label}=${value.replace(/\p{Cc}/gu, '\uFFFD')}`).join(', '),
    commonName: only('CN'),
    organization: only('O'),
    domainComponents: Object.freeze(values('DC')),
  });
}
