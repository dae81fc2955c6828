/**
 * The layers of the architecture as a lint rule. Each part of the tree may import itself and the
 * parts named here; everything else is an error that names both sides.
 */
import { dirname, join, relative, sep } from 'node:path';

const BASE = ['shared', 'source'];
const BELOW_CSOURCE = [...BASE, 'mail', 'patch'];
const BELOW_MACHINE = [...BELOW_CSOURCE, 'csource'];
const BELOW_SEARCH = [...BELOW_MACHINE, 'context', 'graft', 'machine'];
const BELOW_ANALYSIS = [...BELOW_SEARCH, 'search', 'diagram', 'review'];
const CORE = [...BELOW_ANALYSIS, 'analysis', 'report'];

/** part → parts it may import besides itself; `node` is the files directly in server/. */
export const LAYERS = new Map([
  ['shared', []],
  ['source', ['shared']],
  ['mail', BASE],
  ['patch', [...BASE, 'mail']],
  ['review', BELOW_CSOURCE],
  ['csource', BELOW_CSOURCE],
  ['context', BELOW_MACHINE],
  ['graft', BELOW_MACHINE],
  ['machine', BELOW_MACHINE],
  ['search', BELOW_SEARCH],
  ['diagram', [...BELOW_SEARCH, 'search']],
  ['export', [...BELOW_MACHINE, 'machine']],
  ['analysis', BELOW_ANALYSIS],
  ['conform', [...BELOW_ANALYSIS, 'analysis']],
  ['report', [...BELOW_ANALYSIS, 'analysis']],
  ['node', CORE],
  ['lsp', [...CORE, 'node']],
  ['cli', [...CORE, 'conform', 'export', 'node', 'lsp']],
  ['client', ['shared']],
  ['media', ['shared']],
]);

/** part → packages it may import; `node:` stands for every module of Node. */
const PACKAGES = new Map([
  ['csource', ['web-tree-sitter']],
  ['node', ['node:']],
  ['lsp', ['node:', 'vscode-languageserver', 'vscode-languageserver-textdocument']],
  ['cli', ['node:', 'commander']],
  ['client', ['node:', 'vscode', 'vscode-languageclient']],
]);

/** Positions in texts: beside the parser, but every layer speaks of them. */
const SOURCE = /^server\/csource\/source\.[jt]s$/;

/** @param {string} path from the root, with `/` @returns {string | undefined} */
export function partOf(path) {
  if (SOURCE.test(path)) return 'source';
  const [top, folder, rest] = path.split('/');
  if (top === 'shared' || top === 'client' || top === 'media') return top;
  if (top !== 'server' || folder === undefined) return undefined;
  if (rest === undefined) return 'node';
  return folder;
}

/** @param {string} from path of the importing file @param {string} specifier @returns {string | undefined} complaint */
export function complaint(from, specifier) {
  const part = partOf(from);
  if (part === undefined) return undefined;
  if (!LAYERS.has(part)) return `server/${part} has no layer`;
  if (!specifier.startsWith('.')) {
    const allowed = PACKAGES.get(part) ?? [];
    const ok = allowed.some((name) =>
      name.endsWith(':')
        ? specifier.startsWith(name)
        : specifier === name || specifier.startsWith(`${name}/`),
    );
    return ok ? undefined : `${part} may not import ${specifier}`;
  }
  const path = join(dirname(from), specifier).split(sep).join('/');
  const target = partOf(path);
  if (path === 'package.json' && (part === 'lsp' || part === 'cli')) return undefined;
  if (target === undefined) return `${part} may not import ${specifier}`;
  const allowed = LAYERS.get(part) ?? [];
  return target === part || allowed.includes(target)
    ? undefined
    : `${part} may not import ${target}`;
}

/** @type {import('eslint').Rule.RuleModule} */
export const layersRule = {
  meta: { type: 'problem', schema: [], messages: { layer: 'Layers: {{what}}.' } },
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep).join('/');
    /** @param {import('estree').Node | null | undefined} source */
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const what = complaint(from, source.value);
      if (what !== undefined) context.report({ node: source, messageId: 'layer', data: { what } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
    };
  },
};
