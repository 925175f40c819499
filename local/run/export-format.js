// One Firestore document as one line of JSON. Written by hand because JSON.stringify would send an int64 through a
// JavaScript number. Keys are sorted, so that equal documents are equal lines.

/** `fields` are the protocol's own values: { valueType, integerValue: '1', ... }. */
export function documentLine(id, fields) {
  const rest = sortedEntries(fields);
  return `{"id":${JSON.stringify(id)}${rest ? `,${rest}` : ''}}\n`;
}

export function jsonOf(value) {
  switch (value.valueType) {
    case 'nullValue': return 'null';
    case 'booleanValue': return String(value.booleanValue);
    case 'integerValue': return String(value.integerValue);
    case 'doubleValue': return doubleText(value.doubleValue);
    case 'timestampValue': return JSON.stringify(timestampText(value.timestampValue));
    case 'stringValue': return JSON.stringify(value.stringValue);
    case 'bytesValue': return JSON.stringify(Buffer.from(value.bytesValue).toString('base64'));
    case 'referenceValue': return JSON.stringify(value.referenceValue);
    case 'geoPointValue': return `{"latitude":${value.geoPointValue.latitude},"longitude":${value.geoPointValue.longitude}}`;
    case 'arrayValue': return `[${(value.arrayValue.values ?? []).map(jsonOf).join(',')}]`;
    case 'mapValue': return `{${sortedEntries(value.mapValue.fields)}}`;
    default: throw new Error(`a Firestore value of an unknown kind: ${value.valueType}`);
  }
}

/** RFC 3339 with 6 decimals and Z: Firestore keeps microseconds. */
export function timestampText({ seconds, nanos }) {
  const wholeSeconds = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const micros = Math.floor((nanos ?? 0) / 1000);
  return `${wholeSeconds}.${String(micros).padStart(6, '0')}Z`;
}

function sortedEntries(fields) {
  const names = Object.keys(fields ?? {}).sort();
  return names.map((name) => `${JSON.stringify(name)}:${jsonOf(fields[name])}`).join(',');
}

// JSON has no word for these three; -0 would lose its sign.
function doubleText(double) {
  if (Number.isFinite(double)) return Object.is(double, -0) ? '-0' : JSON.stringify(double);
  return JSON.stringify(String(double));
}
