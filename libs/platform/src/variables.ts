import { resolve } from 'node:path';
import { nearest, Refusal, type Finding } from '@hub/kernel';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads variables one by one and goes on after a wrong one, so that who starts the hub learns of all at once. What is
 * answered in place of a wrong one is never used, for `end` throws. One that is set to nothing counts as absent: that is
 * what a compose file makes of an unset one.
 */
export class Variables {
  readonly #given: ReadonlyMap<string, string>;
  readonly #known = new Set<string>();
  readonly #wrong: Finding[] = [];

  constructor(environment: Environment) {
    this.#given = new Map(Object.entries(environment).filter((each): each is [string, string] => Boolean(each[1])));
  }

  /** @param expected  said in place of the value, which may be a secret */
  refuse(variable: string, expected: string): void {
    const message = `${variable} is wrong or missing.`;
    this.#wrong.push({ severity: 'error', rule: 'configuration', pointer: `/${variable}`, message, expected });
  }

  text(variable: string): string | undefined {
    this.#known.add(variable);
    return this.#given.get(variable);
  }

  required(variable: string, expected: string): string {
    const text = this.text(variable);
    if (text === undefined) this.refuse(variable, expected);
    return text ?? '';
  }

  oneOf(variable: string, values: readonly string[], otherwise: string, expected = values.join(', ')): string {
    const text = this.text(variable) ?? otherwise;
    if (!values.includes(text)) this.refuse(variable, expected);
    return text;
  }

  number(variable: string, otherwise: number, from: number, to: number): number {
    const text = this.text(variable) ?? String(otherwise);
    if (!/^\d{1,7}$/.test(text) || Number(text) < from || Number(text) > to)
      this.refuse(variable, `a whole number from ${from} to ${to}`);
    return Number(text);
  }

  url(variable: string, schemes: readonly string[], isRequired = false): string | null {
    const text = this.text(variable);
    if (text === undefined && !isRequired) return null;
    if (text !== undefined && URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1))) return text;
    this.refuse(variable, `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`);
    return null;
  }

  path(variable: string): string | null {
    const text = this.text(variable);
    return text === undefined ? null : resolve(text);
  }

  /**
   * @throws Refusal CONFIGURATION where one was wrong, or where one is given whose name is nearly that of a known one.
   * Other names are not ours to judge: orchestrators set some that begin as ours do.
   */
  end(): void {
    for (const name of this.#given.keys()) {
      if (!name.startsWith('HUB_') || this.#known.has(name)) continue;
      const meant = nearest(name, [...this.#known]);
      if (meant !== undefined) this.refuse(name, `no such name; ${meant} is one`);
    }
    const [first] = this.#wrong;
    if (!first) return;
    const facts = { variable: first.pointer.slice(1), expected: first.expected! };
    throw new Refusal('CONFIGURATION', facts, { findings: this.#wrong });
  }
}
