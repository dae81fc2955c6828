/**
 * Fails on exports that nothing imports. Tests count as users; a type that its own file uses too
 * may stay exported, so that callers can name what they get.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = join(fileURLToPath(import.meta.url), '../..');
const ALL = '*';

/** What VS Code and the test runner call by name. */
const ENTRIES = new Map([
  ['client/extension.ts', new Set(['activate', 'deactivate'])],
  ['test/support/build.ts', new Set(['default'])],
  ['test/support/pack.ts', new Set(['default'])],
]);

/** @param {string} folder @returns {string[]} */
function sources(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

/** @param {string} file @param {string} specifier @returns {string | undefined} */
function target(file, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  return join(file, '..', specifier).replace(/\.js$/, '.ts');
}

/** @param {ts.Node} node @returns {{ module: string, names: string[] } | undefined} */
function importsOf(node) {
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const name = node.qualifier?.getText().split('.')[0] ?? ALL;
    return ts.isStringLiteral(node.argument.literal)
      ? { module: node.argument.literal.text, names: [name] }
      : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [module] = node.arguments;
    return module !== undefined && ts.isStringLiteral(module)
      ? { module: module.text, names: [ALL] }
      : undefined;
  }
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
  if (node.moduleSpecifier === undefined || !ts.isStringLiteral(node.moduleSpecifier)) return;
  const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
  const named = ts.isImportDeclaration(node) ? clause?.namedBindings : node.exportClause;
  const names = clause?.name === undefined ? [] : ['default'];
  if (named !== undefined && (ts.isNamedImports(named) || ts.isNamedExports(named)))
    names.push(...named.elements.map((element) => (element.propertyName ?? element.name).text));
  else if (named !== undefined || ts.isExportDeclaration(node)) names.push(ALL);
  return { module: node.moduleSpecifier.text, names };
}

/** @param {ts.Statement} statement @returns {{ name: string, isType: boolean }[]} */
function exportsOf(statement) {
  if (ts.isExportAssignment(statement)) return [{ name: 'default', isType: false }];
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    if (clause === undefined || !ts.isNamedExports(clause)) return [];
    // A type that is passed on lets callers name what they get.
    if (statement.isTypeOnly) return [];
    return clause.elements.map(({ name }) => ({ name: name.text, isType: false }));
  }
  if (!ts.canHaveModifiers(statement)) return [];
  const kinds = ts.getModifiers(statement)?.map(({ kind }) => kind) ?? [];
  if (!kinds.includes(ts.SyntaxKind.ExportKeyword)) return [];
  if (kinds.includes(ts.SyntaxKind.DefaultKeyword)) return [{ name: 'default', isType: false }];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => ({
      name: name.getText(),
      isType: false,
    }));
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  const named = /** @type {ts.Statement & { name?: ts.Identifier }} */ (statement);
  return [{ name: named.name?.text ?? 'default', isType }];
}

/** @type {Map<string, Set<string>>} */
const used = new Map(ENTRIES);
/** @type {{ file: string, line: number, name: string }[]} */
const found = [];

for (const file of ['server', 'shared', 'client', 'media', 'test'].flatMap(sources)) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  /** @param {ts.Node} node */
  const visit = (node) => {
    const imported = importsOf(node);
    const module = imported && target(file, imported.module);
    if (imported !== undefined && module !== undefined) {
      const names = used.get(module) ?? new Set();
      for (const name of imported.names) names.add(name);
      used.set(module, names);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const statement of source.statements)
    for (const { name, isType } of exportsOf(statement)) {
      const here = text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
      const line = source.getLineAndCharacterOfPosition(statement.getStart()).line + 1;
      if (!isType || here < 2) found.push({ file, line, name });
    }
}

const unused = found.filter(({ file, name }) => {
  const names = used.get(file);
  return !(names?.has(name) === true || names?.has(ALL) === true);
});
for (const { file, line, name } of unused)
  console.error(`${relative(ROOT, join(ROOT, file))}:${line}: export ${name} is never imported`);
process.exitCode = unused.length === 0 ? 0 : 1;
