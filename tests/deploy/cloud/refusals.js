// How Google says no, and why.

export const problem = (code, message, details = [], status) => ({ error: { code, message, details, ...(status && { status }) } });
export const notFound = (what) => ({ status: 404, body: problem(404, `${what} was not found`) });
export const alreadyThere = (what) => ({ status: 409, body: problem(409, `${what} already exists`) });
/** IAM doesn't tell a resource that isn't there from one that the caller may not see. */
export const mayNotExist = (permission, what) => ({ status: 403, body: problem(403, `Permission '${permission}' denied on resource (or it may not exist): ${what}`) });
/** Also said of another project than the one at hand, where that is the one in whose name somebody asks. */
export const disabled = (api, { message = `${api} has not been used in this project before or it is disabled.`, consumer }) => ({
  status: 403,
  body: problem(403, message, [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', domain: 'googleapis.com', metadata: { service: api, consumer } }], 'PERMISSION_DENIED'),
});
