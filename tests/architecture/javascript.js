// Which file of JavaScript or TypeScript imports which.

import { dirname, join } from 'node:path/posix';

export const isJavaScript = ({ path }) => /\.(?:js|cjs|mjs|ts)$/.test(path);

/** What a text imports, as it is spelled: by `import`, `import()`, `export ... from` or `require`. */
export const importsOf = (text) =>
  [...text.matchAll(/(?:\brequire\(|\bfrom\s+|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g)].map(([, name]) => name);

/** Every import of one file by another: [{from, to}]. */
export function importsBetween(files) {
  const paths = new Set(files.map(({ path }) => path));
  // TypeScript names a file as it is called once it is compiled.
  const source = (name) => (paths.has(name) ? name : name.replace(/\.js$/, '.ts'));
  const beside = (path) => (name) => source(join(dirname(path), name));
  return files.filter(isJavaScript).flatMap(({ path, text }) =>
    importsOf(text)
      .filter((name) => name.startsWith('.'))
      .map(beside(path))
      .filter((to) => paths.has(to))
      .map((to) => ({ from: path, to })),
  );
}
