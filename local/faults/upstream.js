// The proxy's connection to the server behind it. One connection serves all callers, and outlives theirs: a call that was
// forwarded is carried out even when its caller's connection is cut.
import http2 from 'node:http2';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;

export function connectUpstream(target) {
  let session;

  function request(headers) {
    if (!session || session.closed || session.destroyed) {
      session = http2.connect(`http://${target}`);
      session.on('error', () => {}); // Each of its streams reports the error, too.
    }
    const stream = session.request(headers);
    stream.on('error', () => {});
    return stream;
  }

  /** Pipes the caller's stream and one to the server into each other, until either ends. */
  function forward(downstream, headers) {
    const upstream = request(headers);
    let trailers = {};
    upstream.on('trailers', (fields) => { trailers = fields; });
    upstream.on('response', (fields, flags) => {
      if (downstream.destroyed) return;
      if (flags & NGHTTP2_FLAG_END_STREAM) {
        downstream.respond(fields, { endStream: true, sendDate: false }); // A status alone.
        return;
      }
      downstream.respond(fields, { waitForTrailers: true, sendDate: false });
      downstream.once('wantTrailers', () => downstream.sendTrailers(trailers));
      upstream.pipe(downstream);
    });
    upstream.once('close', () => {
      if (!downstream.headersSent || upstream.rstCode !== 0) downstream.close(upstream.rstCode || NGHTTP2_INTERNAL_ERROR);
    });
    downstream.once('close', () => upstream.close(NGHTTP2_CANCEL));
    downstream.pipe(upstream);
  }

  /** Sends the whole request and resolves with the whole answer: { headers, pieces, trailers, rstCode }. */
  function call(headers, bytes) {
    return new Promise((resolve) => {
      const upstream = request(headers);
      const answer = { headers: undefined, pieces: [], trailers: undefined };
      upstream.on('response', (fields) => { answer.headers = fields; });
      upstream.on('trailers', (fields) => { answer.trailers = fields; });
      upstream.on('data', (piece) => answer.pieces.push(piece));
      upstream.once('close', () => resolve({ ...answer, rstCode: upstream.rstCode }));
      upstream.end(bytes);
    });
  }

  /**
   * A stream for many requests, each answered by one message. `ask` resolves with { headers, frame }, or with { headers, trailers,
   * rstCode } when the server ended it.
   */
  function converse(headers) {
    const upstream = request(headers);
    const ended = { headers: undefined, trailers: undefined, rstCode: undefined };
    const waiting = [];
    upstream.on('response', (fields) => { ended.headers = fields; });
    upstream.on('trailers', (fields) => { ended.trailers = fields; });
    onFrames(upstream, (frame) => waiting.shift()?.({ headers: ended.headers, frame }));
    upstream.once('close', () => {
      ended.rstCode = upstream.rstCode;
      for (const answer of waiting.splice(0)) answer(ended);
    });
    return {
      ask: (frame) => new Promise((resolve) => {
        if (ended.rstCode !== undefined) return resolve(ended);
        waiting.push(resolve);
        return upstream.write(frame);
      }),
      end: () => upstream.end(),
    };
  }

  return { forward, call, converse, close: () => session?.destroy() };
}

const FRAME_HEAD_BYTES = 5; // Whether it is compressed, and the length of the message.

/** Each gRPC message of a stream with its head, when it is whole. */
export function onFrames(stream, onFrame) {
  let left = Buffer.alloc(0);
  stream.on('data', (piece) => {
    left = Buffer.concat([left, piece]);
    for (;;) {
      const end = left.length < FRAME_HEAD_BYTES ? Infinity : FRAME_HEAD_BYTES + left.readUInt32BE(1);
      if (left.length < end) return;
      onFrame(left.subarray(0, end));
      left = left.subarray(end);
    }
  });
}
