// Documents as views have them: plain values, moments as Date.

import { Bytes, Timestamp, type QueryDocumentSnapshot } from 'firebase/firestore';
import type { Value } from './exact.js';

export interface Row {
  id: string;
  path: string;
  data: Record<string, Value>;
  snapshot: QueryDocumentSnapshot;
}

export const rowOf = (snapshot: QueryDocumentSnapshot): Row => ({
  id: snapshot.id, path: snapshot.ref.path, data: plain(snapshot.data()) as Record<string, Value>, snapshot,
});

function plain(value: unknown): Value {
  if (value instanceof Timestamp) return value.toDate();
  if (value instanceof Bytes) return value.toUint8Array();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  return value as Value;
}

// What a field should be may be something else in a document of another release, or be missing: then it is shown as empty.
export const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
export const moment = (value: Value | undefined): Date | undefined => (value instanceof Date ? value : undefined);
export const whole = (value: Value | undefined): bigint | undefined =>
  (typeof value === 'bigint' ? value : typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined);
export const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
export const map = (value: Value | undefined): Record<string, Value> =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array) ? value : {});
