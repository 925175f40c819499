'use strict';

// gRPC's statuses, and what stands for one where a peer or a proxy between says none: by the tables of gRPC's own specification
// (doc/http-grpc-status-mapping.md, and "Errors" of doc/PROTOCOL-HTTP2.md).

const { RESET } = require('./connection.js');

const STATUS = {
  OK: 0, CANCELLED: 1, UNKNOWN: 2, INVALID_ARGUMENT: 3, DEADLINE_EXCEEDED: 4, NOT_FOUND: 5, ALREADY_EXISTS: 6, PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8, FAILED_PRECONDITION: 9, ABORTED: 10, OUT_OF_RANGE: 11, UNIMPLEMENTED: 12, INTERNAL: 13, UNAVAILABLE: 14,
  DATA_LOSS: 15, UNAUTHENTICATED: 16,
};

const OF_HTTP = new Map([
  [400, STATUS.INTERNAL], [401, STATUS.UNAUTHENTICATED], [403, STATUS.PERMISSION_DENIED], [404, STATUS.UNIMPLEMENTED],
  [429, STATUS.UNAVAILABLE], [502, STATUS.UNAVAILABLE], [503, STATUS.UNAVAILABLE], [504, STATUS.UNAVAILABLE],
]);

const OF_RESET = new Map([
  [RESET.REFUSED_STREAM, STATUS.UNAVAILABLE],
  [RESET.CANCEL, STATUS.CANCELLED],
  [RESET.ENHANCE_YOUR_CALM, STATUS.RESOURCE_EXHAUSTED],
  [RESET.INADEQUATE_SECURITY, STATUS.PERMISSION_DENIED],
]);

/** The status and detail that these headers or trailers have, or undefined. */
function statusIn(headers) {
  const text = headers['grpc-status'];
  if (text === undefined) return undefined;
  const said = headers['grpc-message'];
  const status = /^\d{1,2}$/.test(text) ? Number(text) : STATUS.UNKNOWN;
  return { status, detail: said === undefined ? (status === STATUS.OK ? 'OK' : '') : decoded(said) };
}

/** Headers that are no answer of gRPC, such as those of a front end's page. Undefined where they begin an answer. */
function statusOfHttp(headers) {
  const code = headers[':status'];
  if (code !== 200) return { status: OF_HTTP.get(code) ?? STATUS.UNKNOWN, detail: `it answered with HTTP status ${code}` };
  const type = headers['content-type'];
  if (/^application\/grpc(?:[+;]|$)/.test(type)) return undefined;
  return { status: STATUS.UNKNOWN, detail: `it answered with ${type === undefined ? 'no content type' : `the content type ${type}`}` };
}

/** A stream that was reset, or ended without a status (which is NO_ERROR). */
function statusOfReset(code) {
  const detail = code === RESET.NO_ERROR ? 'its answer ended without a status' : `it reset the stream with code ${code}`;
  return { status: OF_RESET.get(code) ?? STATUS.INTERNAL, detail };
}

/** A text with a percent sign that nobody encoded is better than none. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

module.exports = { STATUS, statusIn, statusOfHttp, statusOfReset };
