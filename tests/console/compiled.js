// A module of the page, for tests: compiled as the build does, without a browser.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../../console/package.json', import.meta.url));

/** `name`: below console/src. */
export async function compiled(name) {
  const { build } = await import(require.resolve('vite'));
  const [{ output }] = [await build({
    root: fileURLToPath(new URL('../../console', import.meta.url)),
    configFile: false, logLevel: 'error', publicDir: false,
    build: { write: false, minify: false, target: 'es2022', lib: { entry: fileURLToPath(new URL(`../../console/src/${name}`, import.meta.url)), formats: ['es'], fileName: 'module' } },
  })].flat();
  const [{ code }] = output;
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
