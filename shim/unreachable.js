'use strict';

// Readable log messages for services that can't be reached: the endpoint, and the reason, which Node and OpenSSL word for those who know
// them well.

// OpenSSL's "80AC61B3:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/...".
const OPENSSL = /:SSL routines:[^:]*:([^:]+):/;

/** The first that fits. What stands in the parentheses of the pattern comes after the words. */
const WORDS = [
  [/^((?:unable to (?:verify|get)|self.signed|certificate signature).*)/, 'its certificate is not trusted here'],
  [/^certificate has expired/, 'its certificate has expired'],
  [/^certificate is not yet valid/, 'its certificate is not valid yet'],
  [/^Hostname\/IP does not match certificate's altnames: .*altnames: (.*)/, 'its certificate is made out to others'],
  [/^Hostname\/IP does not match certificate's altnames: (.*)/, 'its certificate is made out to others'],
  [/wrong version number|packet length too long/, 'what listens there speaks no TLS'],
  [/no application protocol/, 'what listens there speaks TLS, but not HTTP/2'],
  [/^Protocol error$/, 'what listens there speaks no HTTP/2'],
  [/^(Client network socket disconnected.*)/, 'it hung up before TLS was agreed upon'],
  [/^(connect ECONNREFUSED.*)/, 'nothing listens there'],
  [/^getaddrinfo /, 'no address is known for its name'],
];

/** `detail` is that of a call to `address` that nobody answered. */
function unreachable(address, detail) {
  for (const [pattern, words] of WORDS) {
    const found = pattern.exec(detail);
    if (found !== null) return `${address}: ${words}${found[1] === undefined ? '' : ` (${found[1]})`}`;
  }
  return `${address}: ${OPENSSL.exec(detail)?.[1] ?? detail}`;
}

module.exports = { unreachable };
