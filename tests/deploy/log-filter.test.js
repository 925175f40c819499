// The reader of log filters, which other tests believe.
import assert from 'node:assert/strict';
import test from 'node:test';

import { entryOf, extracted, logFilter } from './log-filter.js';

const entry = entryOf('{"severity":"WARNING","outcome":"REFUSED","attempt":2,"consumer":"kyc"}', 'kyc');

test('what isn\'t known is refused, not guessed', () => {
  for (const text of ['jsonPayload.a', 'jsonPayload.a~"b"', '(a="b"', 'a="b")', 'a=', 'NOT a="b"', 'a="b" OR', 'a=("b" "c")']) {
    assert.throws(() => logFilter(text), Error, text);
  }
  assert.throws(() => extracted('REGEXP_EXTRACT(jsonPayload.a, "b")', entry), Error);
});

const judged = {
  'jsonPayload.outcome="REFUSED"': true,
  'jsonPayload.outcome="REFUSE"': false,
  'jsonPayload.outcome:"REFUSE"': true,
  'jsonPayload.outcome:*': true,
  'jsonPayload.reason:*': false,
  'jsonPayload.reason!="x"': true,
  'jsonPayload.attempt>1': true,
  'jsonPayload.attempt>2': false,
  'jsonPayload.attempt>=2': true,
  'jsonPayload.repeats<9': false,
  'severity>=WARNING': true,
  'severity>=ERROR': false,
  'jsonPayload.outcome=("APPLIED" OR "REFUSED")': true,
  'resource.type="cloud_run_revision"\nresource.labels.service_name="access"': false,
  'resource.type="cloud_run_revision"\nresource.labels.service_name="kyc"': true,
  // OR binds closer than AND.
  'severity=WARNING OR severity=ERROR AND jsonPayload.consumer="access"': false,
  'severity=WARNING OR (severity=ERROR AND jsonPayload.consumer="access")': true,
};
for (const [text, expected] of Object.entries(judged)) {
  test(`${text.replaceAll('\n', ' ')} is ${expected}`, () => assert.equal(logFilter(text)(entry), expected));
}

test('a metric\'s value is the field\'s', () => {
  assert.equal(extracted('EXTRACT(jsonPayload.attempt)', entry), 2);
  assert.equal(extracted('EXTRACT(jsonPayload.reason)', entry), undefined);
});
