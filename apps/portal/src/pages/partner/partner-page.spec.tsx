import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { PartnerPage } from './partner-page.js';

it('tells a partner where their things are, who they are, and lets them out', () => {
  const account = {
    id: 'p',
    email: 'pia@example.org',
    displayName: 'Pia Partner',
    role: 'PARTNER',
    locale: 'en',
  } as const;
  const html = renderToStaticMarkup(<PartnerPage account={account} onSignOut={() => undefined} />);
  expect(html).toContain('<h1>Partner account</h1>');
  expect(html).toMatch(/over OCPI/);
  expect(html).toContain('pia@example.org');
  expect(html).toMatch(/<button[^>]*>Sign out/);
});
