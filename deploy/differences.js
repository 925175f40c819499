// What a plan is made of. A difference is one sentence about one thing, and the steps that end it; a step is one command of
// gcloud. `wave` is for steps that may run at once: those that stand together in one wave of their kind.

/** Something that isn't there. */
export const missing = (what, steps) => ({ mark: '+', what, text: 'isn\'t there', steps });

/** Something that is otherwise than it should be; `texts` says each way, such as "retention is 7 days, not 31". */
export const drifted = (what, texts, steps) => ({ mark: '~', what, text: texts.join('; '), steps });

/** Something that shouldn't be there. */
export const surplus = (what, text, steps) => ({ mark: '-', what, text, steps });

/** Something that `apply` leaves to a person; the text says what to do. */
export const left = (what, text) => ({ mark: '!', what, text, steps: [] });

/**
 * One call of gcloud; project and the answer to its questions are added where the plan is put together. What is too long for
 * a command line is `file`: { flag, name, content }, which gcloud is given as `flag=PATH` with the content as JSON in it. One with
 * `mayFail` only helps: what really needs it is the step behind it, which then says so itself.
 */
export const step = (say, gcloud, file) => ({ say, gcloud, ...(file && { file }) });
