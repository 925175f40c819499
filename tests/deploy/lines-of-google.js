// What Cloud Run and Cloud Scheduler write themselves: no test here can bring it about, so these are entries of the form that
// Google's have. Where the words are from: cloud.google.com/run/docs/troubleshooting, and reports that quote whole entries
// (memory and the lost request that goes with it: github.com/nodejs/build/issues/3770, 2024, and golang/go/issues/77755, 2026; a
// failed call: google.cloud.scheduler.logging.AttemptFinished; 429 and 500 without an instance: hashicorp/terraform-provider-google/issues/13193,
// 2022; a caller without a token: firebase/firebase-functions-python/issues/193, 2024). What they don't tell apart, an alert's text doesn't either.
const LOST = 'The request failed because either the HTTP response was malformed or connection to the instance had an error. '
  + 'Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#malformed-response-or-connection-error';
const BY_MEMORY = 'While handling this request, the container instance was found to be using too much memory and was terminated. '
  + 'This is likely to cause a new container instance to be used for the next request to this revision. If you see this message frequently, '
  + 'you may have a memory leak in your code or may need more memory. Consider creating a new revision with more memory.';
const MEMORY = 'Memory limit of 512 MiB exceeded with 527 MiB used. Consider increasing the memory limit, see https://cloud.google.com/run/docs/configuring/memory-limits';

const HELP = 'Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting';
const NO_INSTANCE = `The request was aborted because there was no available instance. ${HELP}#abort-request`;
const NO_TOKEN = 'The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header. '
  + `Read more at https://cloud.google.com/run/docs/securing/authenticating ${HELP}#unauthorized-client`;
const NO_RIGHT = `The request was not authorized to invoke this service. Read more at https://cloud.google.com/run/docs/securing/authenticating ${HELP}#401`;

/** { name: entry } */
export function linesOfGoogle(project) {
  const logName = (name) => `projects/${project}/logs/${name}`;
  const service = { type: 'cloud_run_revision', labels: { service_name: 'payments', revision_name: 'payments-00007-xyz', location: 'europe-west1', project_id: project } };
  const job = { type: 'cloud_scheduler_job', labels: { job_id: 'boma-clock', location: 'europe-west1', project_id: project } };
  const system = (severity, textPayload) => ({ logName: logName('run.googleapis.com%2Fvarlog%2Fsystem'), resource: service, severity, textPayload });
  const request = (status, severity, more = {}) => ({
    logName: logName('run.googleapis.com%2Frequests'), resource: service, severity, httpRequest: { requestMethod: 'POST', status, userAgent: 'CloudPubSub-Google' }, ...more,
  });
  const call = (severity, type, more = {}) => ({
    logName: logName('cloudscheduler.googleapis.com%2Fexecutions'), resource: job, severity,
    jsonPayload: { '@type': `type.googleapis.com/google.cloud.scheduler.logging.${type}`, jobName: `projects/${project}/locations/europe-west1/jobs/boma-clock`, targetType: 'HTTP', ...more },
  });
  return {
    'out of memory': system('ERROR', MEMORY),
    'ended by a signal': system('WARNING', 'Container terminated on signal 9.'),
    'lost request': request(503, 'ERROR', { textPayload: LOST }),
    'lost request, for want of memory': request(503, 'ERROR', { textPayload: `${LOST}\n${BY_MEMORY}` }),
    'unavailable request': request(503, 'ERROR'),
    'answered request': request(204, 'INFO'),
    'request without an instance': request(429, 'WARNING', { textPayload: NO_INSTANCE }),
    'request whose instance could not start': request(500, 'ERROR', { textPayload: NO_INSTANCE }),
    'too many requests, as an HTTP function says it': request(429, 'WARNING'),
    'caller without a token': request(403, 'WARNING', { textPayload: NO_TOKEN }),
    'caller without the right': request(401, 'WARNING', { textPayload: NO_RIGHT }),
    'caller whom the function turned away': request(403, 'WARNING'),
    'failed call': call('ERROR', 'AttemptFinished', { status: 'PERMISSION_DENIED', debugInfo: 'URL_ERROR-ERROR_AUTHENTICATION. Original HTTP response code number = 403' }),
    'call that began': call('INFO', 'AttemptStarted'),
    'call that succeeded': call('INFO', 'AttemptFinished'),
  };
}
