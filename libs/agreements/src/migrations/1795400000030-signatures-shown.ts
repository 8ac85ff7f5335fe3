import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whoever has a part in an agreement may verify its signatures, so the public keys that they name are shown with them:
 * those of its parties and no others, and never one that signed nothing there.
 */
export class SignaturesShown1795400000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function agreements.signatures(of_id text, of_version int)
        returns table (authority text, what text, jws text, kid text, jwk jsonb)
        language sql stable security definer set search_path = pg_catalog as $$
          with signed as (
            select a.code, s.what, s.jws,
              convert_from(decode(translate(h.text, '-_', '+/') || repeat('=', (4 - length(h.text) % 4) % 4), 'base64'),
                'UTF8')::jsonb ->> 'kid' as kid
            from agreements.party p
              join registry.authority a on a.id = p.authority_id,
              lateral (values ('signature', p.signature), ('withdrawal', p.notice)) s(what, jws),
              lateral (select s.jws::jsonb ->> 'protected' as text) h
            where p.agreement_id = of_id and p.agreement_version = of_version and s.jws is not null
              and (p.agreement_id, p.agreement_version) in (select id, version from agreements.caller_sees())
          )
          select s.code, s.what, s.jws, k.kid, k.jwk
          from signed s join identity.signing_key k on k.kid = s.kid and k.organisation = s.code
          order by s.code, s.what
        $$;
      revoke all on function agreements.signatures(text, int) from public;
      grant execute on function agreements.signatures(text, int) to hub_reader;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
