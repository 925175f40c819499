// The test-only function `probe` as the build leaves it: the shim's own files beside a Wasm that does as its body says.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Its folder, with the separator at the end. */
export const probeFolder = fileURLToPath(new URL('../../dist-test/probe/', import.meta.url));

const require = createRequire(probeFolder);

/** A module of a built function of the tests, such as 'invoke.js'. */
export const builtModule = (functionName, name) => require(`../${functionName}/${name}`);

export const probeModule = (name) => builtModule('probe', name);
