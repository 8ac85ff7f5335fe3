// A real OpenID Connect issuer for development and tests, in a process of its own: it issues access tokens by client
// credentials to anyone who knows its secret, as any role of any organisation; with that secret, systems register as clients
// with a key of their own (RFC 7591, private_key_jwt). Never part of a running hub.
//
//   node test/issuer/main.mjs --port 0 --audience URL --secret TEXT [--ttl SECONDS]
//
// prints `issuer http://127.0.0.1:PORT` when it is ready; ends on SIGTERM, SIGINT, or when its stdin pipe closes.
import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';

// It wants a newer Node and says so at each start; it was tried on this one, and the line would stand in every demo.
const { warn } = console;
console.warn = (...words) => words.join(' ').includes('Unsupported runtime') || warn(...words);
const { errors, Provider } = await import('oidc-provider');
console.warn = warn;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    audience: { type: 'string' },
    secret: { type: 'string' },
    ttl: { type: 'string', default: '3600' },
  },
});
const ttl = Number(values.ttl);
if (!values.audience || !values.secret || !Number.isInteger(ttl) || ttl < 1 || process.env.NODE_ENV === 'production') {
  console.error(
    'usage, outside production: node test/issuer/main.mjs --audience URL --secret TEXT [--port N] [--ttl SECONDS]',
  );
  process.exit(2);
}
const { audience, secret } = values;

/** A member of the development world: `ROLE@CODE`, or `ROLE-2@CODE` for a second one; CODE an authority, region, board, agency or `hub`. */
const CLIENT =
  /^(authority-system|authority-analyst|authority-approver|regional-lead|board-chair|agency-partner|elected-member|scrutineer|steward|auditor)(-2)?@(E\d{8}( \/ E\d{8})?|(net|brd|agy)-[a-z0-9]+(-[a-z0-9]+)*|hub)$/;

/** The hub as a resource of the issuer; tokens carry the audience, whatever its form. */
const RESOURCE = 'urn:safeguarding-hub';
const ALGORITHM = 'ES256';

/** What was stored: clients that were registered, and which assertions have been used. JWT access tokens live elsewhere. */
const store = new Map();

/** Members of the development world are made when asked for; other clients register (RFC 7591). */
class Adapter {
  constructor(model) {
    this.model = model;
  }
  async find(id) {
    if (this.model !== 'Client' || !CLIENT.test(id)) return store.get(`${this.model} ${id}`);
    return {
      client_id: id,
      client_secret: secret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_post',
    };
  }
  async upsert(id, payload) {
    store.set(`${this.model} ${id}`, payload);
  }
  async destroy(id) {
    store.delete(`${this.model} ${id}`);
  }
  async consume() {}
  async findByUid() {}
  async findByUserCode() {}
  async revokeByGrantId() {}
}

const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
const key = {
  ...(await exportJWK(privateKey)),
  alg: ALGORITHM,
  use: 'sig',
  kid: `issuer-${randomBytes(4).toString('hex')}`,
};

// The issuer's name holds its port, so the port comes first.
const server = createServer();
// Longer than any test waits between two tokens: a connection that closes just when it is used again looks like a failure.
server.keepAliveTimeout = 600_000;
server.listen(Number(values.port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    adapter: Adapter,
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clientDefaults: { id_token_signed_response_alg: ALGORITHM },
    responseTypes: [],
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['EdDSA', 'ES256'] },
    ttl: { ClientCredentials: ttl },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: {
        enabled: true,
        initialAccessToken: secret,
        idFactory: () => `client-${randomBytes(8).toString('hex')}`,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== RESOURCE && resource !== audience) throw new errors.InvalidTarget();
          return {
            scope: '',
            audience,
            accessTokenFormat: 'jwt',
            accessTokenTTL: ttl,
            jwt: { sign: { alg: ALGORITHM } },
          };
        },
      },
    },
  });
  server.on('request', provider.callback());
  console.log(`issuer ${issuer}`);
});
server.on('error', (error) => {
  console.error(`the issuer cannot listen: ${error.message}`);
  process.exit(1);
});

const stop = () => process.exit(0);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// A pipe is held by the process that started this one: when that is gone, so is the need.
const stdin = fstatSync(0);
if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on('end', stop).on('error', stop).resume();
