import { writeFileSync } from 'node:fs';
import { keyProof, newKey, parsePrivateJwk, publicOf, type PrivateJwk } from '@hub/client';
import { readText, reasonOf, UsageError, type Command, type Outcome } from './command';
import { connectionOptions, hubOf } from './connection';

/** The private key in a file that `hub keys new` wrote. */
export const readKey = (path: string): PrivateJwk => parsePrivateJwk(readText(path));

const told = (key: { kid: string; state: string }): Outcome => ({ text: `${key.kid} is ${key.state}\n`, json: key });

export const keyCommands: readonly Command[] = [
  {
    name: 'keys new',
    usage: '--kid KID [--alg EdDSA|ES256] --out FILE',
    summary: 'Makes a key pair: the private JWK to FILE (only you can read it), the public JWK to stdout.',
    options: { kid: 'required', alg: 'optional', out: 'required' },
    async run(values) {
      const alg = values.get('alg') ?? 'EdDSA';
      if (alg !== 'EdDSA' && alg !== 'ES256') throw new UsageError('--alg is EdDSA or ES256.');
      const key = await newKey(values.the('kid'), alg);
      try {
        // A key that is there already may be registered: it is never written over.
        writeFileSync(values.the('out'), `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        throw new UsageError(`${values.the('out')} cannot be written: ${reasonOf(error)}.`);
      }
      return {
        text: `${JSON.stringify(publicOf(key))}\n`,
        json: publicOf(key),
        remark: `The private key is in ${values.the('out')}. Keep it secret.`,
      };
    },
  },
  {
    name: 'keys register',
    usage: '--key FILE --authority CODE --url HUB --token-file F',
    summary:
      'Registers the key for the authority, with proof that you hold it. Needs a token of its authority-approver.',
    options: { key: 'required', authority: 'required', ...connectionOptions },
    async run(values) {
      const key = readKey(values.the('key'));
      const authority = values.the('authority');
      const hub = hubOf(values);
      const { hubId } = await hub.describe();
      return told(await hub.registerKey(authority, publicOf(key), await keyProof({ key, authority, aud: hubId })));
    },
  },
  {
    name: 'keys approve',
    usage: 'KID --url HUB --token-file F',
    summary: 'Approves a key of your authority, as its second approver.',
    argument: 'KID',
    options: connectionOptions,
    run: async (values) => told(await hubOf(values).approveKey(values.the('KID'))),
  },
  {
    name: 'keys revoke',
    usage: 'KID --reason TEXT --url HUB --token-file F',
    summary: 'Ends a key of your authority at once. Old receipts still verify.',
    argument: 'KID',
    options: { reason: 'required', ...connectionOptions },
    run: async (values) => told(await hubOf(values).revokeKey(values.the('KID'), values.the('reason'))),
  },
];
