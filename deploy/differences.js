// The parts of a plan. A difference is one sentence about one resource, with the steps that end it; a step is one command, nearly always of gcloud.
// Neighbouring steps with the same `wave` of one kind may run at once.

/** Something that isn't there. */
export const missing = (what, steps) => ({ mark: '+', what, text: 'isn\'t there', steps });

/** Something that differs from what it should be; `texts` are its differences, such as "retention is 7 days, not 31". */
export const drifted = (what, texts, steps) => ({ mark: '~', what, text: texts.join('; '), steps });

/** Something that shouldn't be there. */
export const surplus = (what, text, steps) => ({ mark: '-', what, text, steps });

/** Something that `apply` leaves to a person; the text says what to do. */
export const left = (what, text) => ({ mark: '!', what, text, steps: [] });

/**
 * One call of gcloud; plan.js adds the project and the answer to questions. Content that is too long for a command line is `file`:
 * { flag, name, content }. gcloud gets it as `flag=PATH`, a file with the content as JSON. A step with `mayFail` only helps the step
 * after it, which fails by itself where the help was needed.
 */
export const step = (say, gcloud, file) => ({ say, gcloud, ...(file && { file }) });

/** What gcloud has no command for: a program of ours, which is told the project. */
export const programStep = (say, program) => ({ say, program });
