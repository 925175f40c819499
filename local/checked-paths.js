// The files and folders that the flags of `npm start` name, tried before anything begins: what can't be written would be noticed
// only after minutes of replay.
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { isExports, isSameFile } from './run/export.js';
import { wrong } from './wrong-arguments.js';

const WHY = {
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'it is on a file system that may only be read',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
  ENAMETOOLONG: 'its name is too long',
};

/** `asGiven`: the same files, as the command line has them. */
export function checkFiles(files, asGiven) {
  files.forEach((file, index) => {
    const name = asGiven[index] ?? file;
    if (!existsSync(file)) wrong(`--events ${name}: there is no such file.`);
    if (!statSync(file).isFile()) wrong(`--events ${name}: that is not a file.`);
    try {
      accessSync(file, constants.R_OK);
    } catch {
      wrong(`--events ${name}: it may not be read.`);
    }
  });
}

/** Makes the folders that are missing, as writing would: the export's first, which may be in the report's place. */
export function checkTargets({ report, exportDir, files }) {
  if (report !== undefined && report === exportDir) wrong(`--report ${report}: that is the folder of --export.`);
  if (report !== undefined && exportDir?.startsWith(report + sep)) wrong(`--report ${report}: a folder of --export's path.`);
  if (exportDir !== undefined) {
    if (existsSync(exportDir) && !statSync(exportDir).isDirectory()) wrong(`--export ${exportDir}: that is a file, not a folder.`);
    tryToWrite('--export', exportDir, exportDir);
    const taken = readdirSync(exportDir).find((name) => files.some((file) => isSameFile(join(exportDir, name), file)) && isExports(exportDir, name));
    if (taken) wrong(`--export ${exportDir}: ${taken} in it is an events file, which the export would replace.`);
  }
  if (report !== undefined) {
    if (files.some((file) => isSameFile(file, report))) wrong(`--report ${report}: that is the events file, which it would replace.`);
    if (existsSync(report) && !statSync(report).isFile()) wrong(`--report ${report}: that is ${statSync(report).isDirectory() ? 'a folder, ' : ''}not a file.`);
    tryToWrite('--report', report, dirname(report));
    if (exportDir !== undefined && isSameFile(dirname(report), exportDir) && isExports(exportDir, basename(report))) wrong(`--report ${report}: --export writes a file of that name.`);
  }
}

// Asking for the permission isn't enough: root has every one, also where nothing can be written.
function tryToWrite(flag, path, folder) {
  const trial = join(folder, `.boma-trial-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(trial, '');
    rmSync(trial);
  } catch (error) {
    wrong(`${flag} ${path}: ${WHY[error.code] ?? `it can't be written (${error.code})`}.`);
  }
}

// Node's own `recursive` never returns where a parent can neither be found nor made.
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
