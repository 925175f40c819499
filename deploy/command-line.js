// A command as a person or a shell reads it.

/** A word as a shell reads it back. */
export const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
export const commandLine = (words) => words.map(quoted).join(' ');
/** A command of gcloud for somebody to type. */
export const gcloudLine = (words, { project }) => commandLine(['gcloud', ...words, `--project=${project}`]);
