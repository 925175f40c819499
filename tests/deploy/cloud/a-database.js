// A database whose fields are indexed as firestore.indexes.json says, put into the test's cloud by its own addresses: for tests
// of other things, since gcloud takes half a minute of CPU for it. tests/deploy/database.test.js has gcloud do it.
import { readFileSync } from 'node:fs';

const INDEXES = new URL('../../../firestore.indexes.json', import.meta.url);

export async function withDatabase(cloud) {
  cloud.state.enabled.add('firestore.googleapis.com');
  const databases = `${cloud.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE}v1/projects/${cloud.project}/databases`;
  await said('POST', `${databases}?databaseId=(default)`, {
    locationId: 'europe-west1', type: 'FIRESTORE_NATIVE',
    pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_ENABLED', deleteProtectionState: 'DELETE_PROTECTION_ENABLED',
  });
  const { indexes: composites, fieldOverrides } = JSON.parse(readFileSync(INDEXES, 'utf8'));
  for (const { collectionGroup, queryScope, fields } of composites) await said('POST', `${databases}/(default)/collectionGroups/${collectionGroup}/indexes`, { queryScope, fields });
  for (const { collectionGroup, fieldPath, indexes, ttl } of fieldOverrides) {
    const field = `${databases}/(default)/collectionGroups/${collectionGroup}/fields/${encodeURIComponent(fieldPath)}`;
    await said('PATCH', `${field}?updateMask=indexConfig`, { indexConfig: { indexes: indexes.map(indexOf(fieldPath)) } });
    if (ttl) await said('PATCH', `${field}?updateMask=ttlConfig`, { ttlConfig: {} });
  }
  cloud.forget();
}

const indexOf = (fieldPath) => ({ queryScope, ...way }) => ({ queryScope, fields: [{ fieldPath, ...way }] });

async function said(method, url, body) {
  const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}
