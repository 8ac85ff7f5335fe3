import './lean-graphql';
import 'reflect-metadata';
import { isKeyOpenToAll } from '@hub/ledger';
import { endAtSignals, readConfig, whyNotStarted } from '@hub/platform';
import { startHub } from './start';

const NO_ISSUER =
  'Every token is refused: no issuer is set. Set OIDC_ISSUER and OIDC_AUDIENCE, or try the hub with `npm run dev`.';

const KEY_OPEN =
  'Anybody on this machine can read the file of HUB_SIGNING_KEY_FILE, and sign as the hub: take the right away (chmod 600).';

/** Starts the hub with what the environment gives; SIGTERM and SIGINT stop it cleanly. */
async function main(): Promise<void> {
  const endBy = endAtSignals();
  const config = readConfig(process.env, process.argv.slice(2));
  const hub = await startHub(config);
  endBy(() => hub.stop());
  process.stdout.write(
    `hub ${hub.hubId} listens on ${hub.url} and on every other address of this machine, without TLS (runbook)\n`,
  );
  if (config.issuer === null) process.stderr.write(`${NO_ISSUER}\n`);
  if (isKeyOpenToAll(config)) process.stderr.write(`${KEY_OPEN}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`the hub did not start: ${whyNotStarted(error)}\n`);
  process.exit(1);
});
