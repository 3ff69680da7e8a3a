import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';

const TYPES: Record<string, string> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
};

/** `CN=a, O=b, DC=MO` as the DER name of a certificate. */
export function nameOf(text: string): Name {
  const parts = text.split(',').map((part) => part.trim().split('=') as [string, string]);
  return new Name(
    parts.map(([label, value]) => {
      const written =
        label === 'DC'
          ? { ia5String: value }
          : label === 'C'
            ? { printableString: value }
            : { utf8String: value };
      const pair = new AttributeTypeAndValue({ type: TYPES[label]!, value: new AttributeValue(written) });
      return new RelativeDistinguishedName([pair]);
    }),
  );
}
