// gcloud's own parser, asked about many commands at once: flags, their values, what is required. Nothing is called.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { commandLine } from '../../deploy/command-line.js';

/** It neither looks for a machine of Google's around it nor tells anybody that it was used. */
const ALONE = { CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false', CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true' };

/**
 * `commands`: each a list of words, "gcloud" first, what has a place before what has a flag, and each flag with its value in
 * one word. Of those that gcloud wouldn't take: [{ command, complaint }].
 */
export function refusedByGcloud(commands) {
  const folder = mkdtempSync(join(tmpdir(), 'boma-gcloud-parser-'));
  try {
    const lines = [...new Set(commands.map(commandLine))];
    const file = join(folder, 'commands.json');
    // It takes an id that counts as false for none.
    writeFileSync(file, JSON.stringify(lines.map((line, index) => ({ command_string: line, id: index + 1 }))));
    const said = execFileSync('gcloud', ['meta', 'lint-gcloud-commands', `--commands-file=${file}`, '--serialize'], {
      encoding: 'utf8', env: { ...process.env, ...ALONE, CLOUDSDK_CONFIG: join(folder, 'gcloud') }, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28,
    });
    const verdicts = JSON.parse(said);
    return lines.flatMap((command, index) => {
      const [{ success, error_message: complaint }] = verdicts[index + 1];
      return success ? [] : [{ command, complaint: complaint.split('\n')[0] }];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
