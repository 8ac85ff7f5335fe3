import type { Finding } from '@hub/kernel';
import { authoritiesOf, newestDataset, type Catalogue, type Registry } from '@hub/registry/domain';
import { agreementFaults, compareVersions, type AgreementDocument, type AgreementTable } from './document';
import { misplacedAt, widensAt } from './narrow';

/**
 * Everything that can be said of a document before anybody is asked to sign it, without a hub: what the hub would refuse
 * (errors), and what it would take but somebody probably did not mean (notes). A board, an agency or a network is known to
 * the hub alone, so where one is named the places of parties are left to it.
 * @param json            what `parseStrictJson` gave
 * @param beside.parent   the overarching agreement, where there is one at hand
 * @param beside.today    civil date
 */
export function agreementFindings(
  json: unknown,
  beside: {
    readonly parent?: AgreementDocument;
    readonly registry: Registry;
    readonly catalogue: Catalogue;
    readonly today: string;
  },
): Finding[] {
  const faults = agreementFaults(json);
  if (faults.length) {
    return faults.map(({ code, pointer, expected }) => ({
      severity: 'error',
      rule: code,
      pointer,
      message:
        code === 'AGREEMENT_UNSUPPRESSED'
          ? 'This asks for figures without suppression. Such sharing is not offered.'
          : 'This is not what the form of an agreement has at this place.',
      expected,
    }));
  }
  const document = json as AgreementDocument;
  return [...placeFindings(document, beside), ...parentFindings(document, beside.parent), ...notes(document, beside)];
}

const error = (rule: string, pointer: string, message: string): Finding => ({
  severity: 'error',
  rule,
  pointer,
  message,
});
const note = (pointer: string, message: string): Finding => ({
  severity: 'note',
  rule: 'look-again',
  pointer,
  message,
});

function placeFindings(
  document: AgreementDocument,
  { registry, today }: { readonly registry: Registry; readonly today: string },
): Finding[] {
  const { regions, audience, effective } = document;
  const known = new Set(registry.regions.map(({ code }) => code));
  if (![...regions, ...audience.map(({ of }) => of)].every((code) => known.has(code))) return [];
  const misplaced = misplacedAt(document, {
    authoritiesOf: (region) =>
      [effective, today].flatMap((when) => authoritiesOf(registry, region, when)).map(({ code }) => code),
  });
  if (!misplaced) return [];
  const words = {
    AGREEMENT_PARTY_FOREIGN: 'This party lies in none of the regions that the agreement names.',
    AGREEMENT_ONE_SIDED: 'Nobody of this side signs: name a party within it.',
  };
  return [error(misplaced.code, misplaced.pointer, words[misplaced.code])];
}

function parentFindings(document: AgreementDocument, parent: AgreementDocument | undefined): Finding[] {
  if (document.parent === undefined) {
    return parent ? [error('AGREEMENT_WIDENS', '', 'It does not name the agreement above it as its parent.')] : [];
  }
  if (!parent) {
    return [note('/parent', 'It was not compared with the agreement above it: give that one with --parent.')];
  }
  if (parent.id !== document.parent)
    return [error('AGREEMENT_ABSENT', '/parent', 'The agreement above has another id.')];
  if (parent.parent !== undefined) {
    return [error('AGREEMENT_MALFORMED', '/parent', 'The agreement above stands under another itself.')];
  }
  const widens = widensAt(document, parent);
  return widens === undefined
    ? []
    : [error('AGREEMENT_WIDENS', widens, 'This goes beyond the agreement above it, which it can only narrow.')];
}

/** What is allowed and shares less, or for shorter, than somebody may think. */
function notes(
  document: AgreementDocument,
  { catalogue, today }: { readonly catalogue: Catalogue; readonly today: string },
): Finding[] {
  const found = document.tables.flatMap((table, i) => tableNotes(table, `/tables/${i}`, catalogue));
  if (document.effective.until <= today) found.push(note('/effective/until', 'It has ended already.'));
  if (document.dpia.reviewDate <= today) found.push(note('/dpia/reviewDate', 'Its review is overdue already.'));
  return found;
}

function tableNotes(table: AgreementTable, at: string, { datasets }: Catalogue): Finding[] {
  const { dataset: code, versions, indicators, breakdowns, frequency } = table;
  if (!datasets.some((one) => one.code === code)) {
    return [note(`${at}/dataset`, 'There is no dataset of this code yet: the table shares nothing.')];
  }
  const covered = datasets.filter(
    (one) =>
      one.code === code &&
      compareVersions(versions.from, one.version) <= 0 &&
      (versions.until === undefined || compareVersions(one.version, versions.until) < 0),
  );
  if (!covered.length) return [note(`${at}/versions`, 'There is no version of the dataset between these two.')];
  const dataset = newestDataset({ datasets: covered }, code);
  const found: Finding[] = [];
  if (dataset.frequency !== frequency)
    found.push(note(`${at}/frequency`, 'The dataset is collected at another frequency: the table shares nothing.'));
  if (typeof indicators !== 'string') {
    indicators.forEach((one, i) => {
      if (!dataset.indicators.some((each) => each.code === one))
        found.push(note(`${at}/indicators/${i}`, 'The dataset has no indicator of this code.'));
    });
  }
  if (typeof breakdowns !== 'string') {
    const shared = dataset.indicators.filter((one) => indicators === 'all' || indicators.includes(one.code));
    const asked = new Set(shared.flatMap((one) => one.breakdowns.map(({ dimension }) => dimension)));
    breakdowns.forEach((one, i) => {
      if (!asked.has(one))
        found.push(note(`${at}/breakdowns/${i}`, 'None of these indicators is broken down by this.'));
    });
  }
  return found;
}
