import type { MailSink } from '@kilowatch/tools/system/mail-sink';
import { Secret, TOTP } from 'otpauth';
import { linkIn } from '../mail-link.js';
import type { Canaries } from './canaries.js';
import { canarySignedIn, SIGNED_IN, type SignInAnswer } from './sign-in-answer.js';
import type { TellingApi } from './telling-api.js';

/** An account that its owner makes: links by mail, a second factor, recovery codes; each also used wrongly and twice. */
export async function walkRoadOfAccounts(api: TellingApi, mail: MailSink, canaries: Canaries): Promise<void> {
  const email = 'canary.registers@kilowatch.local';
  const password = canaries.password('password of a registration');
  const input = { email, password, displayName: 'Rita Registers' };
  const mutate = <T>(field: string, type: string, value: object, fields: string, token?: string) =>
    api.ask<Record<string, T | undefined>>(
      `mutation($input: ${type}!) { ${field}(input: $input) { ${fields} } }`,
      { input: value },
      token,
    );
  const signs = async (name: string, field: string, type: string, value: object) => {
    const { data } = await mutate<SignInAnswer>(field, type, value, SIGNED_IN);
    return canarySignedIn(canaries, name, data?.[field]);
  };
  await mutate('register', 'RegisterInput', input, 'accepted');
  await mutate('register', 'RegisterInput', { ...input, locale: [password] }, 'accepted');
  const confirmation = await linkIn(mail, email, 'confirm-email');
  canaries.learn('link that confirms an address', confirmation);
  await signs('nobody', 'confirmEmail', 'ConfirmEmailInput', {
    link: confirmation,
    password: 'not this one',
  });
  await signs('nobody', 'confirmEmail', 'ConfirmEmailInput', { link: `${confirmation}x`, password });
  await signs('registered', 'confirmEmail', 'ConfirmEmailInput', { link: confirmation, password });
  await signs('nobody', 'confirmEmail', 'ConfirmEmailInput', { link: [confirmation], password });

  await mutate('requestPasswordReset', 'AccountAddressInput', { email }, 'accepted');
  const reset = await linkIn(mail, email, 'reset-password');
  canaries.learn('link for a new password', reset);
  const newPassword = canaries.password('new password');
  await mutate('resetPassword', 'ResetPasswordInput', { link: reset, newPassword: 'short' }, 'accepted');
  for (let times = 0; times < 2; times += 1)
    await mutate('resetPassword', 'ResetPasswordInput', { link: reset, newPassword }, 'accepted');

  const person = await signs('second factor', 'signIn', 'SignInInput', { email, password: newPassword });
  if (!person) throw new Error('the new password was refused');
  const { accessToken } = person;
  const started = await mutate<{ secret: string; uri: string }>(
    'startTotp',
    'StartTotpInput',
    { password: newPassword },
    'secret uri',
    accessToken,
  );
  const secret = started.data?.['startTotp']?.secret ?? '';
  canaries.learn('TOTP secret', secret);
  canaries.learn('TOTP secret as bytes', Buffer.from(Secret.fromBase32(secret).bytes).toString('hex'));
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const confirmed = await mutate<{ recoveryCodes: string[] }>(
    'confirmTotp',
    'ConfirmTotpInput',
    { code },
    'recoveryCodes',
    accessToken,
  );
  const codes = confirmed.data?.['confirmTotp']?.recoveryCodes ?? [];
  const [first, second] = codes.map((value, i) => canaries.learn(`recovery code ${i + 1}`, value));
  for (const recoveryCode of [first, first, [second]]) {
    const { data } = await mutate<SignInAnswer>(
      'signIn',
      'SignInInput',
      { email, password: newPassword },
      SIGNED_IN,
    );
    const challenge = canaries.learn('challenge of a second step', data?.['signIn']?.challenge ?? '');
    await signs('of a second step', 'completeSignIn', 'CompleteSignInInput', { challenge, recoveryCode });
  }
  const proof = { password: newPassword, recoveryCode: second };
  await mutate('disableTotp', 'ProofInput', { ...proof, recoveryCode: first }, 'accepted', accessToken);
  const changed = { oldPassword: newPassword, newPassword: canaries.password('changed password') };
  await mutate('changePassword', 'ChangePasswordInput', changed, 'ended', accessToken);
}
