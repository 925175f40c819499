// A plan's steps as deploy.sh reads them: one a line, wave, sentence, command, with tabs between them; "-" where a step stands
// alone. The files that steps need are written beside them.
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

/** The command as it is carried out; what is too long for it is written into the folder. */
export function wordsOf({ command, file }, folder) {
  if (file === undefined) return command;
  const path = join(folder, file.name);
  writeFileSync(path, `${JSON.stringify(file.content, null, 2)}\n`);
  return [...command, `${file.flag}=${path}`];
}
