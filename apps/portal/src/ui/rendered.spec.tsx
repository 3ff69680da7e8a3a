import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CostLines } from './cost-lines.js';
import { FigureItem, Figures } from './figures.js';
import { PowerPlot } from './power-plot.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });

describe('the power plot', () => {
  const curve = [4_000, 11_000, 7_000].map((powerW, i) => ({ at: `2026-07-01T10:0${i}:00Z`, powerW }));
  const html = renderToStaticMarkup(<PowerPlot curve={curve} stepSeconds={60} isRunning />);

  it('has a name and a description that carry its message', () => {
    expect(html).toMatch(/<svg[^>]*role="img"[^>]*aria-labelledby/);
    expect(html).toContain('<title');
    expect(html).toMatch(/<desc[^>]*>Between .* at most 11\.0\u00a0kW, last 7\.00\u00a0kW\./);
  });

  it('stands beside a table of the same figures', () => {
    expect(html.match(/<th scope="row"/g)).toHaveLength(3);
  });

  it('says when it begins while there is no reading', () => {
    expect(renderToStaticMarkup(<PowerPlot curve={[]} stepSeconds={60} isRunning />)).toContain(
      'first meter reading',
    );
  });
});

describe('figures', () => {
  it('are terms and their values', () => {
    const html = renderToStaticMarkup(
      <Figures>
        <FigureItem label="Energy" name="energy" figure={{ value: '8.56', unit: 'kWh' }} />
      </Figures>,
    );
    expect(html).toContain('<dt>Energy</dt><dd>');
    expect(html).toContain('data-figure="energy"');
  });
});

describe('cost lines', () => {
  it('show each line and the total as the platform counted them', () => {
    const line = {
      dimension: 'ENERGY',
      from: null,
      to: null,
      quantity: '8.560',
      unit: 'kWh',
      unitPrice: '0.42',
    };
    const priced = {
      ...line,
      vatPercent: '19',
      explanation: 'Day rate',
      exclVat: money('3.60'),
      vat: money('0.68'),
      inclVat: money('4.28'),
    };
    const totals = { exclVat: money('3.60'), vat: money('0.68'), inclVat: money('4.28') };
    const html = renderToStaticMarkup(<CostLines caption="Final cost" lines={[priced]} totals={totals} />);
    for (const text of ['Energy', 'Day rate', '8.56 kWh', '€0.42', '19\u00a0%', 'data-figure="total">€4.28'])
      expect(html).toContain(text);
  });
});
