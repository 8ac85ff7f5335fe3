import { checkCertificate, type Protected } from '@hub/disclosure';
import { byHand, HubInMemory, published, referrals } from './book.builder';
import { certificateIn, keptOf } from './kept';

const returns = {
  E06000001: referrals(30, 41, 3),
  E06000002: referrals(58, 49, 12),
  E06000003: referrals(22, 4, 30),
  E06000004: referrals(71, 66, 15),
};

async function decided(): Promise<{
  decision: Protected;
  verdictOf: (certificate: Protected['certificate']) => string;
}> {
  const { joint, decision } = published(
    await new HubInMemory().publish({ dataset: byHand('quarter'), period: '2025-Q1', returns }),
  );
  return { decision, verdictOf: (certificate) => checkCertificate(joint.problem, decision, certificate).status };
}

test('a certificate is the same after it was kept as JSON, and holds', async () => {
  const { decision, verdictOf } = await decided();
  const kept = keptOf(decision);
  const back = certificateIn(JSON.parse(JSON.stringify(kept)) as typeof kept);
  expect(back).toEqual(decision.certificate);
  expect(verdictOf(back)).toBe('safe');
  expect(kept).not.toHaveProperty('published');
});

test('a table that serves several attackers is written once, and is one again', async () => {
  const { decision } = await decided();
  const { witnesses } = decision.certificate;
  const kept = keptOf(decision);
  expect(new Set(witnesses.map(({ attacker }) => attacker)).size).toBeGreaterThan(1);
  expect(kept.certificate.tables.length).toBeLessThan(witnesses.length);
  expect(new Set(certificateIn(kept).witnesses.map(({ values }) => values)).size).toBe(kept.certificate.tables.length);
});

test('certificates of before are read as they were kept', async () => {
  const { decision } = await decided();
  expect(certificateIn(decision)).toBe(decision.certificate);
});
