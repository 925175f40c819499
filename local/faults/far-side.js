// The proxy's connection to the server behind it. There is one, whatever becomes of the callers': a call that was passed on
// is carried out, even when the connection that it came by is cut.
import http2 from 'node:http2';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR } = http2.constants;

export function farSide(target) {
  let session;

  function request(headers) {
    if (!session || session.closed || session.destroyed) {
      session = http2.connect(`http://${target}`);
      session.on('error', () => {}); // Each of its streams says so, too.
    }
    const stream = session.request(headers);
    stream.on('error', () => {});
    return stream;
  }

  /** Connects the caller's stream with one of the server's, both ways, for as long as both want. */
  function passOn(near, headers) {
    const far = request(headers);
    let trailers = {};
    far.on('trailers', (fields) => { trailers = fields; });
    far.on('response', (fields, flags) => {
      if (near.destroyed) return;
      if (flags & NGHTTP2_FLAG_END_STREAM) {
        near.respond(fields, { endStream: true, sendDate: false }); // A status alone.
        return;
      }
      near.respond(fields, { waitForTrailers: true, sendDate: false });
      near.once('wantTrailers', () => near.sendTrailers(trailers));
      far.pipe(near);
    });
    far.once('close', () => {
      if (!near.headersSent || far.rstCode !== 0) near.close(far.rstCode || NGHTTP2_INTERNAL_ERROR);
    });
    near.once('close', () => far.close(NGHTTP2_CANCEL));
    near.pipe(far);
  }

  /** Sends the whole request and resolves with the whole answer: { headers, pieces, trailers, rstCode }. */
  function ask(headers, bytes) {
    return new Promise((resolve) => {
      const far = request(headers);
      const answer = { headers: undefined, pieces: [], trailers: undefined };
      far.on('response', (fields) => { answer.headers = fields; });
      far.on('trailers', (fields) => { answer.trailers = fields; });
      far.on('data', (piece) => answer.pieces.push(piece));
      far.once('close', () => resolve({ ...answer, rstCode: far.rstCode }));
      far.end(bytes);
    });
  }

  return { passOn, ask, close: () => session?.destroy() };
}
