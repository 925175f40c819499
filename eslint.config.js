import js from '@eslint/js';
import globals from 'globals';

// Only rules that find mistakes; the layout of the code isn't argued about here.
const mistakes = {
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-unreachable-loop': 'error',
  'require-atomic-updates': 'error',
  'array-callback-return': 'error',
  'default-case-last': 'error',
};

export default [
  // What is built or fetched, the records of runs, and the trees that the architecture rules must reject.
  { ignores: ['dist/', 'dist-ops/', 'dist-test/', 'target/', 'xtask/target/', '.boma/', 'console/dist/', '**/fixtures/'] },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.js'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'module', globals: globals.node },
    rules: mistakes,
  },
  {
    // CommonJS, because that is what wasm-bindgen's glue for Node is, and because `require` starts faster.
    files: ['shim/**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: globals.node },
  },
  {
    // What a test has a page evaluate is in the browser. The page itself is TypeScript, whose compiler is as strict.
    files: ['tests/console/*.js'],
    languageOptions: { globals: { ...globals.node, document: 'readonly', sessionStorage: 'readonly', localStorage: 'readonly', indexedDB: 'readonly', caches: 'readonly', MutationObserver: 'readonly', requestAnimationFrame: 'readonly' } },
  },
];
