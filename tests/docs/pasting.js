// Takes a document's commands as they stand, and runs them in a shell in which everything for a real project is the local one's.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** As the documents call the local one. */
export const PROJECT = 'demo-boma';
const WITHIN_MS = 120_000;

/** The first block of shell commands behind the words. */
export function blockAfter(path, words) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const from = text.indexOf(words);
  assert.ok(from >= 0, `${path} doesn't say "${words}"`);
  return /^```sh\n([^]*?)^```$/m.exec(text.slice(from))[1];
}

/** `folder` has .boma/stack.json. Resolves with what the commands print. */
export function pasted(commands, folder) {
  const { firestore } = JSON.parse(readFileSync(join(folder, '.boma/stack.json'), 'utf8'));
  const here = commands.replaceAll('https://firestore.googleapis.com/v1/projects/PROJECT', `http://${firestore}/v1/projects/${PROJECT}`);
  // The emulators' token; and other tools than those that README names aren't there.
  const stubs = 'jq() { return 127; }; gcloud() { if [ "$1 $2" = "auth print-access-token" ]; then echo owner; else command gcloud "$@"; fi; }';
  return new Promise((resolve, reject) => {
    execFile('/bin/bash', ['-euo', 'pipefail', '-c', `${stubs}\n${here}`], { cwd: folder, timeout: WITHIN_MS }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}
