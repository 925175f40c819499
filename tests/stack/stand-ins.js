// Puts a stack of stand-in functions into a folder of its own, inside the project so that they find node_modules.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stateFolder } from './state-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `functions`: { name: { topics, publishes?, followUps?, program? } }; without a program it is a recorder. */
export function standInFunctions(functions, topicOf) {
  const dir = stateFolder();
  const dist = join(dir, 'dist');
  mkdirSync(dist);
  for (const [name, { program, ...settings }] of Object.entries(functions)) {
    const folder = join(dist, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    writeFileSync(join(folder, 'function.json'), JSON.stringify({ name, trigger: 'pubsub', publishes: {}, ...settings }));
    const recorder = JSON.stringify(join(ROOT, 'tests', 'stack', 'recorder.cjs'));
    writeFileSync(join(folder, 'index.js'), program ?? `require(${recorder}).serveRecorder(__dirname);`);
  }
  writeFileSync(join(dist, 'topics.json'), JSON.stringify(topicOf));
  return { dir, dist, project: 'demo-test', stateDir: join(dir, 'state'), remove: () => rmSync(dir, { recursive: true, force: true }) };
}
