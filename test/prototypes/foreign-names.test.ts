/**
 * No name that came from outside may reach a prototype: found in the source by type, where a lint rule can only go by
 * how an expression is written.
 */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The operator's own settings, whose names are this project's. */
const OWN_NAMES = /src\/(?:config|cli)\//;

function program(): ts.Program {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile) as { config: object };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return ts.createProgram(
    fileNames.filter((name) => name.includes("/src/")),
    { ...options, noEmit: true },
  );
}

/** Whether an expression may be any text at all, not one of a few words and not a number. */
function isAnyText(checker: ts.TypeChecker, expression: ts.Expression): boolean {
  const type = checker.getTypeAtLocation(expression);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & (ts.TypeFlags.String | ts.TypeFlags.Any | ts.TypeFlags.ESSymbol)) !== 0);
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName.slice(root.length)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function isAssigned(node: ts.ElementAccessExpression): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** A table is a constant of a module: what it holds is this project's, what it is asked for need not be. */
function isTable(checker: ts.TypeChecker, expression: ts.Expression): boolean {
  if (!ts.isIdentifier(expression)) return false;
  const declaration = checker.getSymbolAtLocation(expression)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const { initializer } = declaration;
  const bare = initializer && ts.isSatisfiesExpression(initializer) ? initializer.expression : initializer;
  return bare !== undefined && ts.isObjectLiteralExpression(bare) && ts.isSourceFile(declaration.parent.parent.parent);
}

test("nothing is assigned under a foreign name, and no table is asked for one", { timeout: 120_000 }, () => {
  const all = program();
  const checker = all.getTypeChecker();
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node) && isAnyText(checker, node.argumentExpression)) {
      if (isAssigned(node)) found.push(`${placeOf(node)} assigns ${node.getText()}`);
      else if (isTable(checker, node.expression) && !isGuarded(node))
        found.push(`${placeOf(node)} reads ${node.getText()}`);
    }
    node.forEachChild(visit);
  };
  const files = all.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${root}src/`));
  expect(files.length).toBeGreaterThan(200);
  for (const file of files) if (!OWN_NAMES.test(file.fileName)) visit(file);
  expect(found).toEqual([]);
});

/** `Object.hasOwn(table, name) ? table[name] : undefined` asks first. */
function isGuarded(node: ts.ElementAccessExpression): boolean {
  for (let above: ts.Node = node.parent; !ts.isBlock(above) && !ts.isSourceFile(above); above = above.parent) {
    if (ts.isConditionalExpression(above) && above.condition.getText().startsWith("Object.hasOwn(")) return true;
  }
  return false;
}
