import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { rootFolder } from './support/root';

/**
 * The GraphQL documents that the hub's own client and command line send, by the SHA-256 of their text: what a hub knows that
 * answers no others; and those that newcomers type after the how-tos, and leads ask. They are read out of the source: what is handed to `graphql(…)`,
 * with the constants put in; and of the pages. Without arguments the file is written; with `--check` the program fails when the committed one differs.
 */
const name = 'contracts/schema/trusted-documents.json';
const file = join(rootFolder, name);
const folders = ['libs/client/src', 'apps/cli/src'].map((one) => join(rootFolder, one));

/** Every text that an expression can become. @throws Error for one that cannot be told from the source */
function textsOf(expression: ts.Expression, checker: ts.TypeChecker, calls: readonly ts.CallExpression[]): string[] {
  const of = (inner: ts.Expression) => textsOf(inner, checker, calls);
  const cannot = (): never => {
    const source = expression.getSourceFile();
    const { line } = source.getLineAndCharacterOfPosition(expression.getStart());
    throw new Error(
      `${relative(rootFolder, source.fileName)}:${line + 1}: a document has to be told from the source; ${expression.getText()} is not`,
    );
  };
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression)) return of(expression.expression);
  if (ts.isConditionalExpression(expression)) return [...of(expression.whenTrue), ...of(expression.whenFalse)];
  if (ts.isTemplateExpression(expression))
    return expression.templateSpans.reduce(
      (texts, { expression: inner, literal }) =>
        texts.flatMap((text) => of(inner).map((middle) => text + middle + literal.text)),
      [expression.head.text],
    );
  const type = checker.getTypeAtLocation(expression);
  const words = type.isUnion() ? type.types : [type];
  if (words.every((one) => one.isStringLiteral())) return words.map((one) => (one as ts.StringLiteralType).value);
  if (!ts.isIdentifier(expression)) return cannot();
  const found = checker.getSymbolAtLocation(expression);
  const symbol = found && found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  const declaration = symbol?.valueDeclaration;
  if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer)
    return of(declaration.initializer);
  if (!declaration || !ts.isParameter(declaration)) return cannot();
  // A function that passes a document on: whatever it is called with.
  const place = declaration.parent.parameters.indexOf(declaration);
  const given = calls.filter((call) => checker.getResolvedSignature(call)?.declaration === declaration.parent);
  return given.length ? given.flatMap((call) => of(call.arguments[place]!)) : cannot();
}

/** What the pages on a first submission send: texts in quotation marks, in any language. */
const typed = (): string[] =>
  ['curl', 'python'].flatMap((language) => {
    const page = readFileSync(join(rootFolder, `docs/how-to/first-submission-${language}.md`), 'utf8');
    return [...page.matchAll(/"((?:mutation|query) [^"]*\})"/g)].map(([, text]) => text!);
  });

/** The ten questions of a quarterly meeting, each as it is copied from between its fences: with the end of its last line or without. */
const questions = (): string[] => {
  const page = readFileSync(join(rootFolder, 'docs/how-to/ten-questions.md'), 'utf8');
  return [...page.matchAll(/^```graphql\n([\s\S]*?)\n```$/gm)].flatMap(([, text]) => [text!, `${text!}\n`]);
};

/** The documents of the client, the command line and those pages, each once, in the order of their text. */
function documents(): string[] {
  const { config } = ts.readConfigFile(join(rootFolder, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, rootFolder);
  const own = fileNames.filter(
    (one) => folders.some((folder) => one.startsWith(`${folder}/`)) && !/\.test\.ts$/.test(one),
  );
  const program = ts.createProgram(own, options);
  const checker = program.getTypeChecker();
  const calls: ts.CallExpression[] = [];
  const collect = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) calls.push(node);
    ts.forEachChild(node, collect);
  };
  own.forEach((one) => collect(program.getSourceFile(one)!));
  const sent = calls.filter(
    ({ expression }) => ts.isPropertyAccessExpression(expression) && expression.name.text === 'graphql',
  );
  return [
    ...new Set([...typed(), ...questions(), ...sent.flatMap((call) => textsOf(call.arguments[0]!, checker, calls))]),
  ].sort();
}

function main(argument: string | undefined): number {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const now = `${JSON.stringify(Object.fromEntries(documents().map((text) => [hash(text), text])), null, 2)}\n`;
  const same = existsSync(file) && readFileSync(file, 'utf8') === now;
  if (argument === '--check') {
    if (!same)
      console.error(
        `${name} is not what the client, the command line and the how-tos send: run \`node dist/test/trusted-documents.js\` and commit the file.`,
      );
    return same ? 0 : 1;
  }
  if (argument !== undefined) {
    console.error('usage: node dist/test/trusted-documents.js [--check]');
    return 2;
  }
  if (!same) writeFileSync(file, now);
  console.log(`${name} is ${same ? 'as it was' : 'written'}`);
  return 0;
}

process.exitCode = main(process.argv[2]);
