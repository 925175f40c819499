// Checks that the project has a billing account. Without one the first API that costs something refuses to be enabled, half-way.
import { Refused } from '../cloud.js';

export async function billing({ cloud, system }) {
  const known = await cloud.get('cloudbilling.googleapis.com', `v1/projects/${system.project}/billingInfo`).catch((error) => {
    // A deployment doesn't need the right to see the billing account.
    if (error instanceof Refused) return null;
    throw error;
  });
  if (known === null || known.billingEnabled) return [];
  return [`${system.project} has no billing account: gcloud billing projects link ${system.project} --billing-account=ACCOUNT (gcloud billing accounts list shows them).`];
}
