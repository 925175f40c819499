// Turns a request of the emulator into the CloudEvent that Eventarc sends, in binary mode: its body is
// google.events.cloud.firestore.v1.DocumentEventData. docs/decisions/eventarc.md compares the two, header by header.

const VALUE = 1;
const OLD_VALUE = 2;

/** { id, headers, body }, or undefined where production has no event. */
export function changeEvent(sentHeaders, sentBody) {
  const body = isBase64(sentBody) ? Buffer.from(sentBody.toString('latin1'), 'base64') : sentBody;
  if (!isChange(body)) return undefined;

  const headers = { 'content-type': 'application/protobuf' };
  for (const [name, value] of Object.entries(sentHeaders)) {
    // In binary mode `content-type` takes the place of `ce-datacontenttype`.
    if (name.startsWith('ce-') && name !== 'ce-datacontenttype') headers[name] = value;
  }
  headers['ce-source'] = headers['ce-source'].replace('/projects/projects/', '/projects/');
  return { id: headers['ce-id'], headers, body };
}

// The message itself never looks like that: it begins with a field's key, which is a control character.
const isBase64 = (body) => /^[A-Za-z0-9+/]+={0,2}$/.test(body.toString('latin1'));

/** The emulator also has events of writes that change nothing and of deletions of nothing. */
function isChange(body) {
  const fields = fieldsOf(body);
  const [value, oldValue] = [fields.get(VALUE), fields.get(OLD_VALUE)];
  return value && oldValue ? !value.equals(oldValue) : (value ?? oldValue) !== undefined;
}

/** Field number -> bytes. All fields of DocumentEventData are messages, so each has its length before it. */
function fieldsOf(body) {
  const fields = new Map();
  for (let at = 0; at < body.length;) {
    const key = varint(body, at);
    const length = varint(body, key.end);
    at = length.end + length.value;
    fields.set(key.value >> 3, body.subarray(length.end, at));
  }
  return fields;
}

function varint(bytes, begin) {
  let value = 0;
  let end = begin;
  for (let weight = 1; bytes[end] >= 128; weight *= 128) {
    value += (bytes[end] - 128) * weight;
    end += 1;
  }
  return { value: value + bytes[end] * 128 ** (end - begin), end: end + 1 };
}
