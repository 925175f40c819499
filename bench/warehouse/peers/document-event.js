// The body of a Firestore trigger, decoded as Google's own sample does it: by protobufjs, here with the messages loaded once.
import { fileURLToPath } from 'node:url';

import protobuf from 'protobufjs';

const root = await protobuf.load(fileURLToPath(new URL('document-event.proto', import.meta.url)));

export const DocumentEventData = root.lookupType('DocumentEventData');

/** { collection, id, before, after, time }: documents as protobufjs decodes them, or undefined where there is none. */
export function changeOf({ data, time }) {
  const { value, oldValue } = DocumentEventData.decode(data);
  const { name } = value ?? oldValue;
  const [, collection, id] = /\/documents\/([^/]+)\/([^/]+)$/.exec(name);
  const ms = Date.parse(time);
  return { collection, id, before: oldValue ?? undefined, after: value ?? undefined, time: { seconds: Math.floor(ms / 1e3), nanos: (ms % 1e3) * 1e6 } };
}
