// A plan as text.

export function headText({ project, projectNumber, region, firestoreLocation, environment, functions, isWhole }) {
  const which = isWhole ? `${functions.length} functions` : `only ${functions[0].name}`;
  return `Project ${project} (${projectNumber}), environment ${environment}: ${which} in ${region}, Firestore in ${firestoreLocation}.`;
}

/** Each kind with its differences: "+" is made, "~" changed, "-" taken away, "!" left to you; with the steps, but for "+". */
export function differencesText(differing) {
  if (differing.length === 0) return '\nNothing to do: all is as it should be.';
  const kinds = differing.map(({ name, differences }) => [
    `\n${name}`,
    ...differences.flatMap(lines),
  ].join('\n'));
  return [...kinds, `\n${counted(differing)}`].join('\n');
}

function lines({ mark, what, text, steps }) {
  if (mark === '+') return [`  + ${what}`];
  return [`  ${mark} ${what}: ${text}`, ...steps.map(({ say }) => `      ${say}`)];
}

function counted(differing) {
  const all = differing.flatMap(({ differences }) => differences);
  const steps = all.reduce((sum, difference) => sum + difference.steps.length, 0);
  const forYou = all.filter(({ mark }) => mark === '!').length;
  if (steps === 0) return `Nothing to do: all is as it should be, but for what you decide (${forYou} "!").`;
  const rest = forYou === 0 ? '' : ` ${forYou} of them for you to decide ("!").`;
  return `${all.length} differences, ${steps} steps.${rest}`;
}

export function removalText(steps, kept, { project }) {
  const stays = kept.map((sentence) => `  ! ${sentence}`);
  if (steps.length === 0) return ['', ...stays, `Nothing${kept.length > 0 ? ' else' : ''} of Boma's is in ${project}.`].join('\n');
  return ['', ...steps.map(({ say }) => `  - ${say}`), ...stays, '', `${steps.length} steps.`].join('\n');
}

/** The permissions without which the reader of a plan can't apply it. */
export const lackingText = (lacking) => ['', 'You may not apply this:', ...lacking.map((sentence) => `  ! ${sentence}`)].join('\n');
