/** The project's own files, as the architecture tests read them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './tools.mjs';

export interface SourceFile {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Files that are tracked or about to be, without what .gitignore names. */
export function projectFiles(matching: RegExp): readonly SourceFile[] {
  const flags = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', flags, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return [...new Set(names)]
    .filter((path) => path !== '' && matching.test(path))
    .filter((path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile())
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

export interface Word {
  readonly line: number;
  readonly text: string;
  /** The whole literal when it stands in a string; undefined for identifiers. */
  readonly literal: string | undefined;
}

function literalOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) return node.text;
  return ts.isRegularExpressionLiteral(node) ? node.text : undefined;
}

/** Every word of a TypeScript or JSON file outside comments. */
export function wordsOf({ path, text }: SourceFile): readonly Word[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const words: Word[] = [];
  const visit = (node: ts.Node): void => {
    const literal = literalOf(node);
    const name = ts.isIdentifier(node) ? node.text : literal;
    if (name !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      for (const word of name.match(/\w+/g) ?? []) words.push({ line, text: word, literal });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return words;
}
