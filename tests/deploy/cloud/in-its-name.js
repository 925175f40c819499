// What Firebase's APIs say to a person who names no project in whose name they ask.
import { disabled } from './refusals.js';

/** gcloud's own project, in whose name a person asks who names none. */
export const GCLOUDS_PROJECT = 'projects/32555940559';

/** The refusal, or undefined. As reports quote it: github.com/hashicorp/terraform-provider-google/issues/13120 (2022). */
export function unlessInItsName(api, { headers }, { project }) {
  if (headers['x-goog-user-project'] === project) return undefined;
  const message = 'Your application has authenticated using end user credentials from the Google Cloud SDK or Google Cloud Shell which are not supported by the '
    + `${api}. We recommend configuring the billing/quota_project setting in gcloud or using a service account through the auth/impersonate_service_account setting.`;
  return disabled(api, { message, consumer: GCLOUDS_PROJECT });
}
