// Writes a plan's steps as deploy.sh reads them: one a line, its wave, sentence and command with tabs between them. A step that runs
// alone has "-" for a wave. The files that steps need are written beside them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** The words of the command. The file of a step is written into the folder, and its flag added. */
export function wordsOf({ command, file }, folder) {
  if (file === undefined) return command;
  const path = join(folder, file.name);
  writeFileSync(path, `${JSON.stringify(file.content, null, 2)}\n`);
  return [...command, `${file.flag}=${path}`];
}
