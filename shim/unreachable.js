'use strict';

// Readable log messages for services that grpc-js can't reach: the endpoint, and the reason. The messages of grpc-js name no
// endpoint, and wrap the error of TLS in "No connection established. Last error: ... Resolution note: ".

const WRAPPED = /^No connection established\. Last error: (?:Error(?: \[\w+\])?: )?([\s\S]*?)\s*\. Resolution note:/;

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
  [/^(Client network socket disconnected.*)/, 'it hung up before TLS was agreed upon'],
  [/^(connect ECONNREFUSED.*)/, 'nothing listens there'],
  [/^Name resolution failed/, 'no address is known for its name'],
  [/^Deadline exceeded after ([\d.]+s).*Waiting for LB pick/, 'there was no connection to it in time'],
  [/^Deadline exceeded after ([\d.]+s)/, 'it did not answer in time'],
];

/** `detail` is that of a call to `address` that nobody answered. */
function unreachable(address, detail) {
  const cause = WRAPPED.exec(detail)?.[1] ?? detail;
  for (const [pattern, words] of WORDS) {
    const found = pattern.exec(cause);
    if (found !== null) return `${address}: ${words}${found[1] === undefined ? '' : ` (${found[1]})`}`;
  }
  return `${address}: ${OPENSSL.exec(cause)?.[1] ?? cause}`;
}

module.exports = { unreachable };
