import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatCheckpoint, openNote, parseCheckpoint, parseVerifierKey, signNote, verifierKeyLine } from './note';

const file = resolve(__dirname, '../../../../../shared/data/vectors/c2sp/signed-notes.json');
const maybe = existsSync(file) ? test : test.skip;

maybe('published vectors: notes signed by others open, and their keys are written the same way', () => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as { vkey: string; note: string; keyIdHex: string }[];
  expect(vectors).toHaveLength(2);
  for (const { vkey, note, keyIdHex } of vectors) {
    const key = parseVerifierKey(vkey);
    expect(key.keyId.toString('hex')).toBe(keyIdHex);
    expect(verifierKeyLine(key.name, key.publicKey)).toBe(vkey);
    expect(openNote(note, [key]).text).toBe(note.slice(0, note.indexOf('\n\n') + 1));
    expect(() => openNote(note.replace(/t/, 'T'), [key])).toThrow('signature');
  }
});

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const key = parseVerifierKey(verifierKeyLine('hub.example', publicKey));
const text = formatCheckpoint({ origin: 'hub.example', size: 3, root: Buffer.alloc(32, 7) });
const note = signNote(text, 'hub.example', privateKey);
const line = note.slice(text.length + 1);

test('what was signed is opened as it was', () => {
  expect(openNote(note, [key])).toEqual({ text, signers: [{ name: 'hub.example', keyId: key.keyId }], signatures: 1 });
  expect(parseCheckpoint(text)).toEqual({ origin: 'hub.example', size: 3, root: Buffer.alloc(32, 7) });
});

test('a line of an unknown key is passed over; without a known one the note is refused', () => {
  const stranger = signNote(text, 'sister.example', other.privateKey).slice(text.length + 1);
  expect(openNote(note + stranger, [key])).toMatchObject({ signatures: 2, signers: [{ name: 'hub.example' }] });
  expect(() => openNote(`${text}\n${stranger}`, [key])).toThrow('unknownKey');
});

test.each([
  ['no signature', text],
  ['no last newline', note.slice(0, -1)],
  ['the same line twice', note + line],
  ['a hyphen for the dash', note.replace('— ', '- ')],
  ['loose base64', note.replace(/=\n$/, '\n')],
  ['a control character', note.replace('hub', 'h\tub')],
  ['an empty last line', `${note}\n`],
])('a note with %s is malformed', (_what, broken) => expect(() => openNote(broken, [key])).toThrow('malformed'));

test.each([
  ['key id of another key', verifierKeyLine('hub.example', publicKey).replace(/\+\w{8}\+/, '+00000000+')],
  ['other name', verifierKeyLine('hub.example', publicKey).replace('hub.', 'pub.')],
  ['space in the name', verifierKeyLine('hub.example', publicKey).replace('hub.', 'hub .')],
  ['nothing', ''],
  ['another algorithm', 'hub.example+00000000+AnVzZQ=='],
])('a verifier key with %s is refused', (_what, broken) =>
  expect(() => parseVerifierKey(broken)).toThrow('verifierKey'),
);

test.each([
  '',
  'hub\n3\n',
  `hub\n03\n${'A'.repeat(43)}=\n`,
  `hub\n3\nAAAA\n`,
  `${text}more\n`,
  text.slice(0, -1),
  `h ub\n3\n${'A'.repeat(43)}=\n`,
])('not a checkpoint: %j', (broken) => expect(() => parseCheckpoint(broken)).toThrow('malformed'));

test('a text that could be read in two ways is not signed', () => {
  expect(() => signNote('no newline', 'hub.example', privateKey)).toThrow(TypeError);
  expect(() => signNote('a\r\n', 'hub.example', privateKey)).toThrow(TypeError);
  expect(() => signNote('a\n', 'a b', privateKey)).toThrow(TypeError);
  expect(() => verifierKeyLine('hub.example', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toThrow(
    TypeError,
  );
});
