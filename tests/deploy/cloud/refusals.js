// How Google says no, and why.

export const problem = (code, message, details = []) => ({ error: { code, message, details } });
export const notFound = (what) => ({ status: 404, body: problem(404, `${what} was not found`) });
export const alreadyThere = (what) => ({ status: 409, body: problem(409, `${what} already exists`) });
