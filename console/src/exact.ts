// Whole numbers beyond 2^53: the web SDK reads them as doubles, which are near but not equal. The REST interface says them in digits.

export type Value = null | boolean | number | bigint | string | Date | Uint8Array | Value[] | { [name: string]: Value };

interface Stored {
  nullValue?: null;
  booleanValue?: boolean;
  integerValue?: string;
  doubleValue?: number;
  timestampValue?: string;
  stringValue?: string;
  bytesValue?: string;
  arrayValue?: { values?: Stored[] };
  mapValue?: { fields?: Record<string, Stored> };
}

export function hasInexact(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.some(hasInexact);
  if (value instanceof Date || value instanceof Uint8Array) return false;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexact);
}

/** The fields of a document, its large integers as bigint. */
export async function readExactly(documentsUrl: string, path: string, token: string): Promise<Record<string, Value> | undefined> {
  const response = await fetch(`${documentsUrl}/${path.split('/').map(encodeURIComponent).join('/')}`, {
    headers: { authorization: `Bearer ${token}` }, cache: 'no-store',
  });
  if (!response.ok) return undefined;
  const { fields = {} } = await response.json() as { fields?: Record<string, Stored> };
  return fieldsOf(fields);
}

const fieldsOf = (fields: Record<string, Stored>): Record<string, Value> =>
  Object.fromEntries(Object.entries(fields).map(([name, stored]) => [name, valueOf(stored)]));

function valueOf(stored: Stored): Value {
  if (stored.integerValue !== undefined) {
    const exact = BigInt(stored.integerValue);
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
  }
  if (stored.mapValue) return fieldsOf(stored.mapValue.fields ?? {});
  if (stored.arrayValue) return (stored.arrayValue.values ?? []).map(valueOf);
  if (stored.timestampValue !== undefined) return new Date(stored.timestampValue);
  if (stored.bytesValue !== undefined) return Uint8Array.from(atob(stored.bytesValue), (letter) => letter.charCodeAt(0));
  return stored.stringValue ?? stored.booleanValue ?? stored.doubleValue ?? null;
}
