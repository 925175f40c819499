// The shim carries bytes. It has one file for its one package and one that speaks HTTP/2, and no word of the business.

import { importsOf } from '../javascript.js';

const sources = ({ files }) => files.filter(({ path }) => path.startsWith('shim/') && path.endsWith('.js'));
const importers = (tree, name) => sources(tree).filter(({ text }) => importsOf(text).includes(name)).map(({ path }) => path);

const FRAMEWORK = '@google-cloud/functions-framework';
const TRANSPORT = 'node:http2';

function exactlyOne(tree, name) {
  const paths = importers(tree, name);
  return paths.length === 1 ? [] : [`${name} is imported by ${paths.length} files of shim/: ${paths.join(', ')}`];
}

export const oneFrameworkFile = (tree) => exactlyOne(tree, FRAMEWORK);

export const oneTransportFile = (tree) => exactlyOne(tree, TRANSPORT);

/** Node's own modules, the framework, its own files and the function's settings: what the build puts into a folder is all there is. */
export function shimStandsAlone(tree) {
  const isBeside = (name) => /^\.\/[^/]+\.js$/.test(name) || name === './function.json';
  const isKnown = (name) => name.startsWith('node:') || name === FRAMEWORK || isBeside(name);
  return sources(tree).flatMap(({ path, text }) =>
    importsOf(text).filter((name) => !isKnown(name)).map((name) => `${path} imports ${name}`),
  );
}

const BUSINESS = new Set([
  'kyc', 'user', 'customer', 'account', 'profile', 'onboarding', 'registration', 'payment', 'deposit', 'withdrawal', 'refund',
  'dispute', 'transaction', 'balance', 'currency', 'money', 'amount', 'lead', 'campaign', 'engagement', 'trading', 'market',
  'price', 'alert', 'limit', 'mail', 'notification', 'bank',
]);
// How Google calls the identity that a function runs as, and HTTP the program that asks.
const NAMES_OF_OTHERS = ['service-accounts/default', 'service account', 'user-agent'];

export function noBusinessInShim(tree) {
  return sources(tree).flatMap(({ path, text }) => {
    const ours = NAMES_OF_OTHERS.reduce((rest, name) => rest.replaceAll(name, ''), text);
    return [...new Set(words(ours))].filter((word) => BUSINESS.has(word)).map((word) => `${path} speaks of "${word}"`);
  });
}

/** Every word of a text, camelCase taken apart, in lower case and the singular. */
function words(text) {
  const parts = text.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().match(/[a-z]+/g) ?? [];
  return parts.map((word) => word.replace(/ies$/, 'y').replace(/s$/, ''));
}
