import { MockEmsp } from '@kilowatch/testing';
import type { Stage } from './stage.js';

const INVITE = `mutation($input: InviteOcpiPartnerInput!) {
  inviteOcpiPartner(input: $input) { partner { id } versionsUrl tokenA } }`;

interface Answer {
  readonly partner: { readonly id: string };
  readonly versionsUrl: string;
  readonly tokenA: string;
}

interface Invitation extends Answer {
  /** Of faults before this one. Of them a partner is told the CDRs: what it is told of sessions begins with its invitation. */
  readonly sessionsBefore: number;
}

/** Before the sessions that it shall be told of. */
export async function invitePartner(stage: Stage): Promise<Invitation> {
  const sessionsBefore = stage.ledger().length;
  const input = { name: 'Says everything twice', seesOwnFleet: true };
  const { inviteOcpiPartner } = await stage.people.operator.request<{ inviteOcpiPartner: Answer }>(INVITE, {
    input,
  });
  return { ...inviteOcpiPartner, sessionsBefore };
}

/**
 * A roaming partner whose requests come twice: the PUT of its credentials, at once and afterwards. Our answers may have got lost, so each
 * is answered with a token; once one is used it is the only one that is valid, a repetition with the spent one is refused, and what the
 * partner then reads holds each session and each CDR once. One sentence per difference.
 */
export async function ocpiPutTwice(stage: Stage, invited: Invitation): Promise<string[]> {
  const emsp = await MockEmsp.start();
  try {
    const { operator } = stage.people;
    await emsp.register(invited.versionsUrl, invited.tokenA, () => undefined);
    const problems = await repeatedPut(emsp);
    const all = stage.ledger().length;
    const expected = { sessions: all - invited.sessionsBefore, cdrs: all };
    for (const [module, count] of Object.entries(expected)) {
      const since = '2000-01-01T00:00:00Z';
      const { objects } = await emsp.pull(`${emsp.endpoint(module)}?date_from=${since}`, () => undefined);
      const ids = new Set(objects.map(({ id }) => id));
      if (objects.length !== count || ids.size !== count)
        problems.push(`the partner reads ${objects.length} ${module} (${ids.size} different), not ${count}`);
    }
    await operator.request(
      `mutation($input: RemoveOcpiPartnerInput!) { removeOcpiPartner(input: $input) { partner { id } } }`,
      { input: { partnerId: invited.partner.id } },
    );
    return problems;
  } finally {
    await emsp.close();
  }
}

async function repeatedPut(emsp: MockEmsp): Promise<string[]> {
  const url = emsp.endpoint('credentials');
  const spent = emsp.tokenForThem;
  const put = (token: string) => emsp.send('PUT', url, { token, body: emsp.credentials(emsp.tokenForUs!) });
  const valid = async (token: string) => (await emsp.send('GET', url, { token })).http === 200;
  const answers = [...(await Promise.all([put(spent), put(spent)])), await put(spent)];
  const given = answers.filter(({ body }) => body.status_code === 1000);
  if (given.length !== answers.length)
    return [`a PUT that came ${answers.length} times was answered ${given.length} times`];
  const tokens = given.map(({ body }) => (body.data as { token: string }).token);
  const used = tokens.at(-1)!;
  emsp.tokenForThem = used;
  const problems: string[] = [];
  if (!(await valid(used))) problems.push('the token that was given last is not valid');
  await emsp.send('GET', emsp.endpoint('sessions'), { token: used });
  for (const token of [spent, ...tokens.slice(0, -1)])
    if (await valid(token)) problems.push('a token before the one that is used is valid');
  if ((await put(spent)).http !== 401) problems.push('a PUT with a spent token was not refused with 401');
  if (!(await valid(used))) problems.push('the token that is used is not valid any more');
  return problems;
}
