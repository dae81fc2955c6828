import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { layersRule } from './scripts/eslint/layers.mjs';

const SHELLS = ['server/*.ts', 'server/lsp/**/*.ts', 'server/cli/**/*.ts'];

/**
 * Rules of our own style over typescript-eslint's strict set.
 * @type {import('eslint').Linter.RulesRecord}
 */
const STYLE = {
  'max-lines': ['error', { max: 500 }],
  'no-console': 'error',
  eqeqeq: 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-unnecessary-condition': [
    'error',
    { allowConstantLoopConditions: 'only-allowed-literals' },
  ],
};

/**
 * What would make the core depend on where or when it runs.
 * @type {import('eslint').Linter.RulesRecord}
 */
const PURE = {
  'no-restricted-globals': [
    'error',
    ...['process', 'console', 'Buffer', 'require', 'global', 'fetch', 'performance', 'crypto'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'window', 'document', 'navigator'],
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'The core has no clock.' },
    { object: 'Math', property: 'random', message: 'The core is deterministic.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: 'The core has no clock.',
    },
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'test/output/', 'test/fixtures/', 'test/editor-host/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts', '*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { racelore: { rules: { layers: layersRule } } },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: { ...STYLE, 'racelore/layers': 'error' },
  },
  { files: ['server/**/*.ts', 'shared/**/*.ts'], ignores: SHELLS, rules: PURE },
  {
    files: ['types/**/*.d.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/no-extraneous-class': 'off', 'no-unused-vars': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'URL', 'performance'].map((name) => [name, 'readonly']),
      ),
    },
  },
);
