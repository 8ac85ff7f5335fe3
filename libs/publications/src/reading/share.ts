import { decideAmong, permitOrThrow, type Agreement, type Decision } from '@hub/agreements';
import { parsePeriod, Refusal } from '@hub/kernel';
import { parseSeriesKey, tableOf } from '@hub/registry';
import { isWhole } from '../domain';
import type { PublicationHead, Share, Visit } from './visit';

/**
 * Asks the agreements' read door for one table of a publication, or for the publication as such.
 * @param agreements  those about the region
 * @param today  civil date of London
 * @throws Refusal AGREEMENT_NOT_IN_FORCE | AGREEMENT_NOT_COVERED with the clause
 */
export function shareOf(
  visit: Visit,
  agreements: readonly Agreement[],
  head: PublicationHead,
  today: string,
  series?: string,
): Share {
  const permit = permitOrThrow(ask(visit, agreements, head, today, series));
  const covered = new Map<string, boolean>();
  return {
    permit,
    presentation: permit.presentation!,
    handling: permit.handling!,
    authorities: permit.authorities!,
    covers: (other) => {
      const table = tableOf(other);
      const known = covered.get(table);
      if (known !== undefined) return known;
      const decision = ask(visit, agreements, head, today, other);
      const covers = decision.permitted && refOf(decision) === refOf(permit);
      covered.set(table, covers);
      return covers;
    },
  };
}

function ask(
  visit: Visit,
  agreements: readonly Agreement[],
  head: PublicationHead,
  today: string,
  series?: string,
): Decision {
  const { agreementId, agreementVersion, threshold } = head;
  // Whoever does not belong to the region need not see the agreement that it was published under.
  const named =
    agreements.find(({ document: { id, version } }) => id === agreementId && version === agreementVersion) ??
    (visit.belongs ? undefined : agreements[0]);
  if (!named) throw new Refusal('AGREEMENT_ABSENT');
  const asked = series === undefined ? null : parseSeriesKey(series);
  const decisions = (asked && Object.keys(asked.categories).length ? Object.keys(asked.categories) : [null]).map(
    (breakdown) =>
      decideAmong(
        named,
        agreements.filter((one) => one !== named),
        {
          door: 'read',
          purpose: visit.purpose,
          standings: visit.standings,
          region: visit.region,
          dataset: { code: head.dataset, version: head.datasetVersion },
          period: parsePeriod(head.period),
          ...(asked ? { indicator: asked.indicator, breakdown } : {}),
          publishedUnder: { id: agreementId, threshold },
        },
        today,
      ),
  );
  return decisions.find(({ permitted }) => !permitted) ?? decisions[0]!;
}

/** Whether a refusal is one of the read door, and not of what was asked. */
export const isOfTheDoor = ({ code }: Refusal): boolean => code === 'REGION_ABSENT' || code.startsWith('AGREEMENT_');

export const refOf = ({ agreement: { id, version } }: Decision): string => `${id} ${version}`;

/** In words, what is shown of the authorities and why not more. */
export function shows({ authorities, presentation, permit: { agreement } }: Share, head: PublicationHead): string {
  const under = `under ${agreement.id} version ${agreement.version}`;
  const [each, others] = authorities === 'all' ? ['', ''] : [` that shares ${under},`, ` that share ${under},`];
  const who = {
    named: `Each authority${each} by name`,
    'own-and-unnamed': `Your own authorities by name, and the others${others} by their values, without names`,
    'own-and-region': 'Your own authorities by name, and no others',
  }[presentation];
  return isWhole(head.authorities, authorities)
    ? `${who}; and the region.`
    : `${who}. The region’s figure holds others too, so it is not shown.`;
}
