// Flags and words of an operator's command line. Pure. An error is one sentence that names the flag.
import { parseArgs } from 'node:util';
import { wrong } from '../local/wrong-arguments.js';

/**
 * { words, given }: the words between the flags, and each flag's value by its name, `true` of one that takes none. `flags`: by name what
 * stands for the value in a sentence, undefined where there is none.
 */
export function parseFlags(args, { program, flags }) {
  const options = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, { type: value ? 'string' : 'boolean' }]));
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const [words, given] = [[], {}];
  for (const token of tokens) {
    if (token.kind === 'option-terminator') wrong(`-- may stand only once, between npm run ${program} and what is for it.`);
    if (token.kind === 'positional') words.push(token.value);
    else take(given, token, { program, flags });
  }
  return { words, given };
}

function take(given, { name, rawName, value }, { program, flags }) {
  if (!Object.hasOwn(flags, name) || !rawName.startsWith('--')) wrong(`${rawName} is not a flag of ${program}; --help lists them.`);
  if (given[name] !== undefined) wrong(`${rawName} may be given only once.`);
  if (flags[name] === undefined) {
    if (value !== undefined) wrong(`${rawName} takes no value, but was given "${value}".`);
    given[name] = true;
    return;
  }
  if (!value?.trim() || value.startsWith('--')) wrong(`${rawName} needs a value: ${rawName} ${flags[name]}.`);
  given[name] = value;
}
