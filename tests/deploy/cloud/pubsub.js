// Pub/Sub: the official emulator, which knows everything but policies.
export const API = 'pubsub.googleapis.com';

export async function answer(request, { pubsubHost }) {
  const answered = await forward(request, pubsubHost);
  return { status: answered.status, body: await answered.json() };
}

/** A policy is one of something: the emulator says whether it is there. */
export async function exists(path, { pubsubHost }) {
  return (await forward({ method: 'GET', path, search: '' }, pubsubHost)).ok;
}

const forward = ({ method, path, search, bytes }, host) => fetch(`http://${host}/${path}${search}`, {
  method, headers: { 'content-type': 'application/json' }, body: bytes?.length > 0 ? bytes : undefined,
});
