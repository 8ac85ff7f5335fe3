import ts from 'typescript';

/** One change of the source that a good test would notice. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const comparisons: Partial<Record<ts.SyntaxKind, readonly string[]>> = {
  [ts.SyntaxKind.LessThanToken]: ['<=', '>='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [ts.SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['==='],
  [ts.SyntaxKind.PlusToken]: ['-'],
  [ts.SyntaxKind.MinusToken]: ['+'],
  [ts.SyntaxKind.AsteriskToken]: ['/'],
  [ts.SyntaxKind.SlashToken]: ['*'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [ts.SyntaxKind.BarBarToken]: ['&&'],
  [ts.SyntaxKind.QuestionQuestionToken]: ['&&'],
};

/** A method call whose place another takes; null: the call is left out, and what it was called on stays. */
const methods: Readonly<Record<string, string | null>> = {
  filter: null,
  sort: null,
  slice: null,
  reverse: null,
  replace: null,
  some: 'every',
  every: 'some',
  find: 'findLast',
  findIndex: 'findLastIndex',
  findLast: 'find',
  findLastIndex: 'findIndex',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  flatMap: 'map',
};

/**
 * Every change that is planted into a file: comparisons and their edges, conditions, `&&` and `||`, literals, methods of
 * lists, members of objects and lists, statements and answers. Types and imports are left alone.
 */
export function mutantsOf(text: string): Mutant[] {
  const source = ts.createSourceFile('mutated.ts', text, ts.ScriptTarget.Latest, true);
  const found = new Map<string, Mutant>();
  const put = (node: { getStart(): number; getEnd(): number }, ...replacements: string[]) => {
    const [start, end] = [node.getStart(), node.getEnd()];
    for (const replacement of replacements) {
      if (text.slice(start, end) !== replacement)
        found.set(`${start} ${end} ${replacement}`, { start, end, replacement });
    }
  };
  /** Leaves out one of several with commas between. */
  const leaveOut = (list: ts.NodeArray<ts.Node>, i: number) => {
    const start = i === 0 ? list[0]!.getStart() : list[i - 1]!.getEnd();
    const end = i === 0 && list.length > 1 ? list[1]!.getStart() : list[i]!.getEnd();
    found.set(`${start} ${end} `, { start, end, replacement: '' });
  };
  const isLiteral = (node: ts.Node) =>
    ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || isBoolean(node) || ts.isRegularExpressionLiteral(node);

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;

    if (ts.isBinaryExpression(node)) put(node.operatorToken, ...(comparisons[node.operatorToken.kind] ?? []));
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      put(node, `(${node.operand.getText()})`);
    } else if (ts.isConditionalExpression(node)) put(node.condition, 'true', 'false');
    else if (ts.isIfStatement(node)) put(node.expression, 'true', 'false');
    else if (ts.isStringLiteralLike(node)) {
      if (!ts.isPropertyAssignment(node.parent) || node.parent.name !== node) put(node, node.text ? "''" : "'mutant'");
    } else if (ts.isTemplateExpression(node)) put(node, "''");
    else if (ts.isNumericLiteral(node)) put(node, String(Number(node.text) + 1));
    else if (isBoolean(node)) put(node, node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true');
    else if (ts.isRegularExpressionLiteral(node)) {
      const whole = node.getText();
      if (whole.startsWith('/^')) put(node, `/${whole.slice(2)}`);
      if (/\$\/\w*$/.test(whole)) put(node, whole.replace(/\$(\/\w*)$/, '$1'));
      if (/\/\w*g\w*$/.test(whole)) put(node, whole.replace(/g(\w*)$/, '$1'));
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      const other = Object.hasOwn(methods, name.text) ? methods[name.text] : undefined;
      if (other) put(name, other);
      else if (other === null) put(node, expression.getText());
    } else if (ts.isObjectLiteralExpression(node)) {
      node.properties.forEach((property, i) => {
        const isPlain = ts.isPropertyAssignment(property) && isLiteral(property.initializer);
        if (!isPlain) leaveOut(node.properties, i);
      });
    } else if (ts.isArrayLiteralExpression(node)) {
      node.elements.forEach((element, i) => {
        if (!isLiteral(element)) leaveOut(node.elements, i);
      });
    } else if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) put(node, ';');
    else if (ts.isReturnStatement(node) && node.expression) put(node.expression, 'undefined');
    else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) put(node.body, 'undefined');
    else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) put(node, ';');
    if (ts.isPropertyAccessExpression(node) && node.questionDotToken) put(node.questionDotToken, '.');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

const isBoolean = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
