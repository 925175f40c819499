// Writes a plan's steps as deploy.sh reads them: one a line, its wave, sentence and command with tabs between them. A step that runs
// alone has "-" for a wave. The files that steps need are written beside them, and the folders that they upload are copied there: another
// build of this tree changes nothing of what is on its way.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { commandLine } from './command-line.js';

export function writeSteps(stepsFile, steps) {
  const folder = join(dirname(stepsFile), 'files');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(stepsFile, steps.map((step) => line(step, folder)).join(''));
}

function line({ wave, say, mayFail, ...step }, folder) {
  const command = `${commandLine(wordsOf(step, folder))}${mayFail ? ' || true' : ''}`;
  return `${[wave ?? '-', say, command].map((part) => part.replaceAll(/[\t\n]/g, ' ')).join('\t')}\n`;
}

const UPLOADED = '--source=';

/** The words of the command. The file of a step is written into the folder, and its flag added; what it uploads is copied there. */
export function wordsOf({ command: said, file }, folder) {
  const command = said.map((word) => (word.startsWith(UPLOADED) ? `${UPLOADED}${copyOf(word.slice(UPLOADED.length), folder)}` : word));
  if (file === undefined) return command;
  const path = join(folder, file.name);
  writeFileSync(path, `${JSON.stringify(file.content, null, 2)}\n`);
  return [...command, `${file.flag}=${path}`];
}

function copyOf(source, folder) {
  const copy = join(folder, 'sources', basename(source));
  rmSync(copy, { recursive: true, force: true }); // Files of an earlier copy would be uploaded with it.
  cpSync(source, copy, { recursive: true });
  return copy;
}
