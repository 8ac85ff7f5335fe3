import type { Finding } from '@hub/kernel';

/**
 * Findings for people: those that refuse first, and those of one rule and message together, each with its places.
 * @param whole  what the document is called where a finding is about all of it
 */
export function findingLines(findings: readonly Finding[], whole = '(payload)'): string {
  const order: readonly Finding['severity'][] = ['error', 'query', 'note'];
  return order
    .flatMap((severity) => findings.filter((one) => one.severity === severity))
    .map(({ severity, rule, pointer, message, expected, found }) => {
      const sides = [
        ...(expected === undefined ? [] : [`expected: ${expected}`]),
        ...(found === undefined ? [] : [`found: ${found}`]),
      ];
      return `${severity}  ${pointer || whole}  ${rule}\n    ${message}${sides.length ? `\n    ${sides.join('; ')}` : ''}\n`;
    })
    .join('');
}
