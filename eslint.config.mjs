import path from 'node:path';
import { fileURLToPath } from 'node:url';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';
import { boundaryBlocks, TEST_FILES } from './tools/lint/boundaries.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];

export default [
  {
    name: 'kilowatch/ignores',
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.kilowatch/**',
      'coverage/**',
      'libs/contracts/src/generated/**',
      'tools/lint-fixtures/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended.map((config) => ({
    ...config,
    files: config.files ?? [...TYPESCRIPT, '**/*.mjs'],
  })),
  {
    name: 'kilowatch/typescript',
    files: TYPESCRIPT,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    name: 'kilowatch/all',
    files: [...TYPESCRIPT, '**/*.mjs'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.js', '.mjs'],
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: path.join(root, 'tsconfig.json'),
          conditionNames: ['kilowatch-source', 'types', 'import', 'node', 'default'],
        }),
      ],
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-throw-literal': 'off',
      'max-lines': ['error', { max: 400 }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-relative-packages': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
    },
  },
  ...boundaryBlocks(root),
  {
    name: 'kilowatch/tests',
    files: TEST_FILES,
    rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    name: 'kilowatch/generated',
    // Of the whole schema's inputs, by scripts/generate-documents.mjs: nobody reads it from its beginning to its end.
    files: ['apps/portal/src/api/documents/inputs.ts'],
    rules: { 'max-lines': 'off' },
  },
  { name: 'kilowatch/terminal', files: ['tools/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    name: 'kilowatch/configuration',
    files: ['**/*.config.{ts,mjs}'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  // Scripts that run before anything is installed or built import by path.
  { name: 'kilowatch/scripts', files: ['**/*.mjs'], rules: { 'import-x/no-relative-packages': 'off' } },
];
