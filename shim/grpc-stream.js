'use strict';

// What comes on the HTTP/2 stream of a call: messages, and one status at its end.

const { RESET } = require('./connection.js');
const { Unframer } = require('./grpc-frames.js');
const { STATUS, statusIn, statusOfHttp, statusOfReset } = require('./grpc-status.js');

/**
 * Tells `onMessage` of each message, and `onEnd` once of `{status, detail, isUnseen}`. The last: the peer hasn't looked at this call, so
 * it can't have carried it out. Gives the connection back at the end.
 */
function listenTo(stream, connection, { onMessage, onEnd }) {
  let said;
  let isOver = false;
  const unframer = new Unframer(onMessage);

  const heard = () => {
    connection.heardAtMs = Date.now();
  };
  const end = (outcome) => {
    if (isOver) return;
    isOver = true;
    connection.release();
    onEnd(outcome);
  };
  /** It is of no use any more. */
  const refuse = (outcome) => {
    end(outcome);
    stream.close(RESET.CANCEL);
  };

  stream.on('response', (headers) => {
    heard();
    // Of a call that has no answer but its status there are these headers alone.
    said = statusIn(headers);
    const refusal = said === undefined ? statusOfHttp(headers) : undefined;
    if (refusal !== undefined) refuse(refusal);
  });
  stream.on('data', (piece) => {
    heard();
    if (isOver) return;
    const wrong = unframer.take(piece);
    if (wrong !== undefined) refuse(wrong);
  });
  stream.on('trailers', (trailers) => {
    heard();
    said = statusIn(trailers) ?? { status: STATUS.UNKNOWN, detail: 'its answer ended without a status' };
  });
  stream.on('end', () => {
    if (said !== undefined) end(unframer.isBetweenMessages || said.status !== STATUS.OK ? said : { status: STATUS.INTERNAL, detail: 'its answer ended within a message' });
  });
  // Its close comes after it, and has the code.
  stream.on('error', () => {});
  stream.on('close', () => end(said ?? unsaid(stream, connection)));
}

/** The end of a stream whose peer said no status. */
function unsaid(stream, connection) {
  const isUnseen = stream.rstCode === RESET.REFUSED_STREAM || connection.isUnseen(stream);
  if (isUnseen || connection.isLost) return { status: STATUS.UNAVAILABLE, detail: connection.why ?? 'it refused the stream', isUnseen };
  return statusOfReset(stream.rstCode);
}

module.exports = { listenTo };
