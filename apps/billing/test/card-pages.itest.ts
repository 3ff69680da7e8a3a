// Real: billing with Postgres and NATS, the SDK of Stripe over HTTP to a pretended Stripe with its pages, its webhooks to billing's own port.
import { randomUUID } from 'node:crypto';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import type { StripeTrouble } from '@kilowatch/testing/payments';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aDriver, OPERATOR } from './billing-rig.js';
import { CardRig } from './card-rig.js';

const BACK = 'https://portal.example/account/payment';
let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start({ KW_CARD_RETURN_URLS: `${BACK}, https://app.example/cards` });
});
afterAll(() => rig?.close());
afterEach(async () => {
  rig.stripe.webhooks = 'now';
  await rig.stripe.delivered();
  expect(rig.stripe.pending).toBe(0);
});

const OPEN = 'mutation($i: OpenCardPageInput!) { openCardPage(input: $i) { setupId url } }';
const FINISH =
  'mutation($id: ID!) { finishCardSetup(input: { setupId: $id }) { state cards { cards { last4 } } } }';

async function open(driver: TestPrincipal, key: string = randomUUID(), returnUrl = BACK) {
  const { data, codes } = await rig.fleet.rig.graphql<{ openCardPage: { setupId: string; url: string } }>(
    driver,
    OPEN,
    { i: { returnUrl, idempotencyKey: key } },
  );
  const { setupId = '', url = '' } = data?.openCardPage ?? {};
  return { setupId, url, codes, pageId: url.split('/').at(-1)! };
}

async function finish(driver: TestPrincipal, setupId: string) {
  const { data, codes } = await rig.fleet.rig.graphql<{
    finishCardSetup: { state: string; cards: { cards: { last4: string }[] } };
  }>(driver, FINISH, { id: setupId });
  const { state, cards } = data?.finishCardSetup ?? {};
  return { state, cards: cards?.cards.map(({ last4 }) => last4), codes };
}

const cardsOf = async (driver: TestPrincipal) => (await rig.cards(driver)).cards.map(({ last4 }) => last4);
const haveCard = (driver: TestPrincipal) =>
  waitFor('the card to be there', async () => (await cardsOf(driver)).length > 0);
const stateOf = async (setupId: string) =>
  (
    await rig.fleet.rig.sql<{ state: string; due_at: Date | null }>(
      `select state, due_at from card_setup where id = '${setupId}'`,
    )
  )[0];

describe('a card saved on a page of the provider', () => {
  it('is there when its holder comes back, and pays', async () => {
    const driver = aDriver();
    const { pageId, setupId, url } = await open(driver);
    expect(url.startsWith(rig.stripe.url)).toBe(true);
    const page = rig.stripe.pages.all.get(pageId)!;
    expect(page.success_url).toBe(`${BACK}?cardSetup=${setupId}&page=done`);
    expect(page.cancel_url).toBe(`${BACK}?cardSetup=${setupId}&page=left`);
    expect(await finish(driver, setupId)).toMatchObject({ state: 'OPEN', cards: [] });
    rig.stripe.pages.submit(pageId, '4242424242424444');
    await haveCard(driver);
    expect(await finish(driver, setupId)).toMatchObject({ state: 'DONE', cards: ['4444'] });
    expect((await rig.choose(driver, 'CARD')).codes).toEqual([]);
  });

  it('is saved once, though both objects tell of it twice, and its holder comes back twice and submits again', async () => {
    rig.stripe.webhooks = 'twice';
    const driver = aDriver();
    const { pageId, setupId } = await open(driver);
    rig.stripe.pages.submit(pageId);
    const [first, second] = await Promise.all([finish(driver, setupId), finish(driver, setupId)]);
    expect([first.state, second.state]).toEqual(['DONE', 'DONE']);
    rig.stripe.pages.submit(pageId, '4242424242421111');
    await rig.stripe.delivered();
    expect(rig.stripe.answers.every((status) => status === 200)).toBe(true);
    expect(await cardsOf(driver)).toEqual(['4242']);
  });

  it('is there without any webhook, once its holder is back', async () => {
    rig.stripe.webhooks = 'lost';
    const driver = aDriver();
    const { pageId, setupId } = await open(driver);
    rig.stripe.pages.submit(pageId);
    expect(await cardsOf(driver)).toEqual([]);
    expect(await finish(driver, setupId)).toMatchObject({ state: 'DONE', cards: ['4242'] });
  });

  it('is there by the webhook of the page alone, which does not say which card it is', async () => {
    rig.stripe.webhooks = 'held';
    const driver = aDriver();
    const { pageId } = await open(driver);
    rig.stripe.pages.submit(pageId);
    rig.stripe.misbehave('read', 'cut-before');
    await rig.stripe.release((events) => events.filter(({ type }) => type.startsWith('checkout.')));
    // Nobody could be asked which one it is: not taken, so it is told again.
    expect([rig.stripe.answers.at(-1)! >= 500, await cardsOf(driver)]).toEqual([true, []]);
    await rig.stripe.deliver(rig.stripe.events.at(-1)!);
    await haveCard(driver);
  });

  it('is found though its holder never comes back and every webhook is lost', async () => {
    rig.stripe.webhooks = 'lost';
    const driver = aDriver();
    const { pageId, setupId } = await open(driver);
    rig.stripe.pages.submit(pageId);
    await rig.fleet.rig.sql(`update card_setup set due_at = now() where id = '${setupId}'`);
    await haveCard(driver);
    expect(await stateOf(setupId)).toEqual({ state: 'DONE', due_at: null });
  });

  it('is none when it was declined, and may be another one on the same page', async () => {
    const driver = aDriver();
    const { pageId, setupId } = await open(driver);
    expect(rig.stripe.pages.submit(pageId, '4000000000000002')).toBe('declined');
    await rig.stripe.delivered();
    expect(await finish(driver, setupId)).toMatchObject({ state: 'OPEN', cards: [] });
    rig.stripe.pages.submit(pageId, '4242424242425555');
    await haveCard(driver);
    expect(await cardsOf(driver)).toEqual(['5555']);
  });

  it.each(['now', 'lost'] as const)('is none on a page that expired, with webhooks %s', async (webhooks) => {
    rig.stripe.webhooks = webhooks;
    const driver = aDriver();
    const { pageId, setupId } = await open(driver);
    rig.stripe.pages.expire(pageId);
    await rig.stripe.delivered();
    expect(await finish(driver, setupId)).toMatchObject({ state: 'FAILED', cards: [] });
    expect(await stateOf(setupId)).toEqual({ state: 'FAILED', due_at: null });
    expect(rig.stripe.pages.submit(pageId)).toBe('expired');
  });

  it('that was there stays there when its page is said to have expired afterwards; a removed one stays away', async () => {
    rig.stripe.webhooks = 'held';
    const driver = aDriver();
    const { pageId, setupId } = await open(driver);
    rig.stripe.pages.submit(pageId);
    await finish(driver, setupId);
    rig.stripe.pages.expire(pageId);
    await rig.stripe.release((events) => events.toReversed());
    expect(await finish(driver, setupId)).toMatchObject({ state: 'DONE', cards: ['4242'] });
    const [card] = (await rig.cards(driver)).cards;
    await rig.fleet.rig.graphql(
      driver,
      'mutation($id: ID!) { removeCard(input: { cardId: $id }) { cards { method } } }',
      { id: card!.id },
    );
    for (const event of rig.stripe.events.slice(-3)) await rig.stripe.deliver({ ...event, id: randomUUID() });
    expect(await finish(driver, setupId)).toMatchObject({ state: 'DONE', cards: [] });
  });

  it.each<StripeTrouble>(['cut-before', 'cut-after', 'busy'])(
    'has one page per key, though the first answer was lost (%s)',
    async (trouble) => {
      const driver = aDriver();
      const key = randomUUID();
      const before = rig.stripe.pages.all.size;
      rig.stripe.misbehave('page', trouble);
      expect((await open(driver, key)).codes).toEqual(['SERVICE_UNAVAILABLE']);
      const [second, third] = [await open(driver, key), await open(driver, key)];
      expect(third).toEqual(second);
      expect(rig.stripe.pages.all.size).toBe(before + 1);
      expect((await open(driver, key, 'https://app.example/cards')).codes).toEqual(['CONFLICT']);
    },
  );

  it.each([
    'https://evil.example/account/payment',
    `${BACK}?next=https://evil.example`,
    `${BACK}/`,
    'https://portal.example.evil.example/account/payment',
    'javascript:alert(1)',
    '',
  ])('leads back to no other address than those that are set up: %s', async (returnUrl) => {
    const before = rig.stripe.pages.all.size;
    expect((await open(aDriver(), randomUUID(), returnUrl)).codes).toEqual(['BAD_USER_INPUT']);
    expect(rig.stripe.pages.all.size).toBe(before);
  });

  it('is its holder’s alone', async () => {
    const driver = aDriver();
    const { setupId } = await open(driver);
    for (const asker of [aDriver(), aDriver('nobody'), OPERATOR])
      expect((await finish(asker, setupId)).codes).toEqual(['NOT_FOUND']);
    expect((await finish(driver, 'x')).codes).toEqual(['NOT_FOUND']);
  });
});
