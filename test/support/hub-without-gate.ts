import 'reflect-metadata';
import { readingRoles, RegionGate, type Member, type Role } from '@hub/identity';
import { loadRegistry } from '@hub/registry/domain';
import '../../apps/hub/src/main';

/**
 * The hub, with the code's wall around regions taken down: whoever has a role somewhere enters every region in it. What
 * still refuses is the database. For the test of the walls, run as a process of its own. With `HUB_WITHOUT_AUDIENCE` whoever
 * has a role somewhere belongs to every region's audience with it, too.
 */
Object.assign(RegionGate.prototype, {
  rolesIn: (member: Member | null): Role[] => (member?.roles ?? []).map(({ role }) => role),
});

if (process.env.HUB_WITHOUT_AUDIENCE) {
  const regions = loadRegistry().regions.map(({ code }) => code);
  Object.assign(RegionGate.prototype, {
    standings: (member: Member | null) =>
      regions.map((of) => ({ of, roles: regions.flatMap((one) => readingRoles(member, one)), organisation: of })),
  });
}
