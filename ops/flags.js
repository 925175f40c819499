// Flags and words of an operator's command line. Pure. An error is one sentence that names the flag.
import { parseArgs } from 'node:util';
import { wrong } from '../local/wrong-arguments.js';

/**
 * { words, given }: the words between the flags, and each flag's value by its name, `true` of one that takes none. `flags`: by name what
 * stands for the value in a sentence, undefined where there is none. `ofCommand`: which flags each command takes, where the first word is
 * one; `checkCommand` sees it before any flag is looked at.
 */
export function parseFlags(args, { program, flags, ofCommand = {}, checkCommand = () => {} }) {
  const options = Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, { type: value ? 'string' : 'boolean' }]));
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const words = tokens.filter(({ kind }) => kind === 'positional').map(({ value }) => value);
  checkCommand(words[0]);
  const given = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') wrong(`-- may stand only once, between npm run ${program} and what is for it.`);
    if (token.kind === 'option') take(given, token, { program, flags, ofCommand, command: words[0] });
  }
  return { words, given };
}

function take(given, { name, rawName, value }, { program, flags, ofCommand, command }) {
  if (!Object.hasOwn(flags, name) || !rawName.startsWith('--')) wrong(`${rawName} is not a flag of ${program}; --help lists them.`);
  if (Object.hasOwn(ofCommand, command) && !ofCommand[command].includes(name)) {
    wrong(`${rawName} is a flag of ${Object.keys(ofCommand).filter((each) => ofCommand[each].includes(name)).join(' and ')}, not of ${command}.`);
  }
  if (given[name] !== undefined) wrong(`${rawName} may be given only once.`);
  if (flags[name] === undefined) {
    if (value !== undefined) wrong(`${rawName} takes no value, but was given "${value}".`);
    given[name] = true;
    return;
  }
  if (!value?.trim() || value.startsWith('--')) wrong(`${rawName} needs a value: ${rawName} ${flags[name]}.`);
  given[name] = value;
}
