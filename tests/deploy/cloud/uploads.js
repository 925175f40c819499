// Cloud Storage, where an uploaded folder waits to be built.
import { notFound } from './refusals.js';

/** What a signed address accepts needs no API to be enabled and has no policy. */
export const API = null;

export function answer({ method, path, bytes }, { state }) {
  if (method !== 'PUT') return undefined;
  if (!state.uploads?.has(path)) return notFound(path);
  state.uploads.set(path, bytes);
  return { body: {} };
}
