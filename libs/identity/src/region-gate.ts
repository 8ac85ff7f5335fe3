import { Inject, Injectable } from '@nestjs/common';
import { Refusal } from '@hub/kernel';
import { CONFIG, type Config } from '@hub/platform';
import { RegistryKeys } from '@hub/registry';
import { readingRoles, standingsOf, type Member, type Role } from './domain';

/**
 * The code's own wall around regions; row-level security is the other, and each holds without the other. What lies
 * outside the caller's regions is absent, not forbidden: whether it exists is not told.
 */
@Injectable()
export class RegionGate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: RegistryKeys,
  ) {}

  /**
   * The inner id of the region and the roles in which the member may look at it.
   * @throws Refusal REGION_ABSENT, the same for a region that does not exist
   */
  enter(member: Member | null, code: string): { regionId: number; roles: Role[] } {
    const roles = this.rolesIn(member, code);
    const regionId = this.find(code);
    if (regionId === null || !roles.length) throw new Refusal('REGION_ABSENT');
    return { regionId, roles };
  }

  /**
   * Whether the member belongs to the region; where not, an agreement may still open it. `regionId` is null for a region
   * that this hub does not serve or that does not exist, and nobody belongs to it.
   */
  look(member: Member | null, code: string): { regionId: number | null; belongs: boolean } {
    const regionId = this.find(code);
    return { regionId, belongs: regionId !== null && this.rolesIn(member, code).length > 0 };
  }

  /** Whether the member is a lead of that region, by its inner id. */
  isLedBy(member: Member | null, regionId: number): boolean {
    const led = member?.roles.filter(({ role }) => role === 'regional-lead').flatMap(({ regions }) => regions) ?? [];
    return led.some((code) => this.keys.regionId(code) === regionId);
  }

  private find(code: string): number | null {
    const served = this.config.regions === null || this.config.regions.includes(code);
    return served && this.keys.isRegion(code) ? this.keys.regionId(code) : null;
  }

  /** Everywhere the member belongs, for the audience of an agreement. */
  standings(member: Member | null): ReturnType<typeof standingsOf> {
    return standingsOf(member);
  }

  /** Apart, as is the one above, so that a test can take this wall down and see the others stand. */
  protected rolesIn(member: Member | null, code: string): Role[] {
    return readingRoles(member, code);
  }
}
