// An hour of the summaries that the function `pulse` writes, for what is shown of an hour in less than one.

const MINUTE_MS = 60_000;

/** `customers`: ids for the newest entries. `changes`: of the minute `ago` minutes ago. */
export async function hourOfPulse({ firestore, project }, customers, changesOf = usual) {
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  for (let ago = 45; ago > 0; ago -= 1) {
    const at = new Date(now - ago * MINUTE_MS);
    await write({ firestore, project }, `pulse/${at.toISOString().slice(0, 16)}.0a1b2c3d`, pulseOf(at, changesOf(ago), ago === 1 ? customers : []));
  }
}

const usual = (ago) => Math.round(40 + 25 * Math.sin(ago / 5) + 8 * Math.sin(ago * 1.7));

export function pulseOf(at, changes, customers) {
  const newest = (fields) => customers.slice(0, 6).map((userId, number) => ({ userId, at: new Date(at.getTime() + number * 7_000), ...fields(number) }));
  return {
    minute: at, shard: '0a1b2c3d', writtenAt: at, expireAt: new Date(at.getTime() + 86_400_000),
    changes: { users: changes, transactions: Math.round(changes * 0.7), kyc_cases: Math.round(changes / 6), leads: Math.round(changes / 9) },
    statuses: { 'transactions.SETTLED': Math.round(changes * 0.6), 'users.created': Math.round(changes / 8), 'kyc_cases.IN_REVIEW': Math.round(changes / 20) },
    amounts: { DEPOSIT: { CZK: changes * 123_450, EUR: changes * 9_900 }, PAYMENT: { CZK: changes * 40_000 } },
    transactions: newest((number) => ({ id: `t${number}`, kind: ['DEPOSIT', 'PAYMENT', 'FEE'][number % 3], amount: 120_050 * (number + 1), currency: 'CZK', status: 'SETTLED' })),
    kyc: newest((number) => ({ from: 'PENDING', status: ['APPROVED', 'IN_REVIEW', 'REJECTED'][number % 3] })),
    letters: customers.length > 0 ? [{ id: 'payments.0', consumer: 'payments', kind: 'MALFORMED', at }] : [],
  };
}

export async function write({ firestore, project }, path, fields) {
  const response = await fetch(`http://${firestore}/v1/projects/${project}/databases/(default)/documents/${path}`, {
    method: 'PATCH',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify({ fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, stored(value)])) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

function stored(value) {
  if (value instanceof Date) return { timestampValue: value.toISOString() };
  if (typeof value === 'number') return { integerValue: String(value) };
  if (typeof value === 'string') return { stringValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(stored) } };
  return { mapValue: { fields: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, stored(inner)])) } };
}
