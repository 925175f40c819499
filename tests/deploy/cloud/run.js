// Cloud Run, of which there is nothing here but the policies of services; the services are made by Cloud Functions.
export const API = 'run.googleapis.com';

export function answer() {
  return undefined;
}
