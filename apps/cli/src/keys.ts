import { keyProof, newKey, parsePrivateJwk, publicOf, type KeyHistoryAnswer, type PrivateJwk } from '@hub/client';
import { moment, placeToFill, readText, UsageError, writeWhole, type Command, type Outcome } from './command';
import { connectionOptions, hubOf } from './connection';

/** The private key in a file that `hub keys new` wrote. */
export const readKey = (path: string): PrivateJwk => parsePrivateJwk(readText(path));

const told = (key: { kid: string; state: string }): Outcome => ({
  text: `${key.kid} is ${key.state}\n`,
  json: key,
  ...(key.state === 'pending'
    ? { remark: `Another approver of the organisation makes it good: hub keys approve ${key.kid}` }
    : {}),
});

/** One key in two lines: what it is, and what has happened to it. */
function historyOf({
  kid,
  state,
  registeredAt,
  approvedAt,
  until,
  revokedAt,
  reason,
  replaces,
}: KeyHistoryAnswer): string {
  const happened = [
    `registered ${moment(registeredAt)}`,
    approvedAt && `approved ${moment(approvedAt)}`,
    replaces && `in place of ${replaces}`,
    until && `${state === 'retired' ? 'ended' : 'ends'} ${moment(until)}`,
    revokedAt && `revoked ${moment(revokedAt)}: ${reason}`,
  ];
  return `${state.padEnd(8)} ${kid}\n         ${happened.filter(Boolean).join(', ')}\n`;
}

export const keyCommands: readonly Command[] = [
  {
    name: 'keys new',
    usage: '--kid KID [--alg EdDSA|ES256] --out FILE',
    summary: 'Makes a key pair: the private JWK to FILE (only you can read it), the public JWK to stdout.',
    options: { kid: 'required', alg: 'optional', out: 'required' },
    async run(values) {
      const alg = values.get('alg') ?? 'EdDSA';
      if (alg !== 'EdDSA' && alg !== 'ES256') throw new UsageError('--alg is EdDSA or ES256.');
      // A key that is there already may be registered: it is never written over.
      placeToFill(values.the('out'));
      const key = await newKey(values.the('kid'), alg);
      writeWhole(values.the('out'), `${JSON.stringify(key)}\n`, 0o600);
      return {
        text: `${JSON.stringify(publicOf(key))}\n`,
        json: publicOf(key),
        remark: `The private key is in ${values.the('out')}. Keep it secret.`,
      };
    },
  },
  {
    name: 'keys register',
    usage: '--key FILE --authority CODE [--replaces KID] --url HUB --token-file F',
    summary:
      'Registers the key for the authority or agency, with proof that you hold it; a second approver makes it good. With --replaces the old key ends 30 days later. Needs a token of an authority-approver (of an agency-partner, for an agency).',
    options: { key: 'required', authority: 'required', replaces: 'optional', ...connectionOptions },
    async run(values) {
      const key = readKey(values.the('key'));
      const authority = values.the('authority');
      const hub = hubOf(values);
      const { hubId } = await hub.describe();
      const proof = await keyProof({ key, authority, aud: hubId });
      const replaces = values.get('replaces');
      return told(await hub.registerKey(authority, publicOf(key), proof, replaces === undefined ? {} : { replaces }));
    },
  },
  {
    name: 'keys approve',
    usage: 'KID --url HUB --token-file F',
    summary: 'Makes a key good that somebody else of your authority or agency has registered.',
    argument: 'KID',
    options: connectionOptions,
    run: async (values) => told(await hubOf(values).approveKey(values.the('KID'))),
  },
  {
    name: 'keys revoke',
    usage: 'KID --reason TEXT --url HUB --token-file F',
    summary: 'Ends a key of your authority or agency at once, and keeps why. Old receipts still verify.',
    argument: 'KID',
    options: { reason: 'required', ...connectionOptions },
    run: async (values) => told(await hubOf(values).revokeKey(values.the('KID'), values.the('reason'))),
  },
  {
    name: 'keys list',
    usage: '--organisation CODE --url HUB --token-file F',
    summary: 'Every key that your authority or agency ever had, newest first, with what has happened to it.',
    options: { organisation: 'required', ...connectionOptions },
    async run(values) {
      const keys = await hubOf(values).signingKeys(values.the('organisation'));
      return { text: keys.map(historyOf).join('') || 'No keys.\n', json: keys };
    },
  },
];
