/** VS Code's own tokeniser, from the editor host, with our grammars and those that VS Code brings. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT, editorHost } from './tools.mjs';

interface Token {
  readonly startIndex: number;
  readonly endIndex: number;
  readonly scopes: readonly string[];
}

interface Grammar {
  tokenizeLine(
    line: string,
    stack: unknown,
  ): { readonly tokens: readonly Token[]; readonly ruleStack: unknown };
}

interface Registry {
  loadGrammar(scope: string): Promise<Grammar | null>;
}

/** What is used of the package `vscode-textmate`. */
interface TextMate {
  readonly INITIAL: unknown;
  readonly Registry: new (options: {
    readonly onigLib: Promise<unknown>;
    readonly loadGrammar: (scope: string) => Promise<unknown>;
    readonly getInjections: (scope: string) => readonly string[];
  }) => Registry;
  readonly parseRawGrammar: (text: string, path: string) => unknown;
}

/** What is used of the package `vscode-oniguruma`. */
interface Oniguruma {
  readonly OnigScanner: new (patterns: string[]) => unknown;
  readonly OnigString: new (text: string) => unknown;
  readonly loadWASM: (data: Uint8Array) => Promise<void>;
}

const VSCODE = join(editorHost() ?? ROOT, 'node_modules/code-server/lib/vscode');

const FILES = new Map([
  ['text.mail.kernel', join(ROOT, 'grammars/kernel-mail.tmLanguage.json')],
  ['source.hunk.kernel', join(ROOT, 'grammars/kernel-hunk.tmLanguage.json')],
  ['source.diff', join(VSCODE, 'extensions/diff/syntaxes/diff.tmLanguage.json')],
  ['source.c', join(VSCODE, 'extensions/cpp/syntaxes/c.tmLanguage.json')],
]);

async function registry(): Promise<{ readonly registry: Registry; readonly initial: unknown }> {
  const load = createRequire(join(VSCODE, 'node_modules/x.js'));
  const textmate = load('vscode-textmate') as TextMate;
  const { OnigScanner, OnigString, loadWASM } = load('vscode-oniguruma') as Oniguruma;
  await loadWASM(readFileSync(load.resolve('vscode-oniguruma').replace('main.js', 'onig.wasm')));
  const made = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new OnigScanner(patterns),
      createOnigString: (text: string) => new OnigString(text),
    }),
    loadGrammar: (scope) => {
      const file = FILES.get(scope);
      const raw =
        file === undefined ? undefined : textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
      return Promise.resolve(raw);
    },
    getInjections: (scope) => (scope === 'source.diff' ? ['source.hunk.kernel'] : []),
  });
  return { registry: made, initial: textmate.INITIAL };
}

/** The tokens of each line: their text and all their scopes but that of the whole document. */
export async function tokenize(
  scope: string,
  text: string,
): Promise<readonly (readonly (readonly [text: string, scopes: string])[])[]> {
  const { registry: grammars, initial } = await registry();
  const grammar = await grammars.loadGrammar(scope);
  if (!grammar) throw new Error(`no grammar ${scope}`);
  let stack = initial;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens
      .map(
        (t) => [line.slice(t.startIndex, t.endIndex).trim(), t.scopes.slice(1).join(' ')] as const,
      )
      .filter(([part]) => part !== '');
  });
}
