// Reads the project.
import { Refused } from './cloud.js';
import { Complaint } from './complaint.js';

/** { projectNumber } of a project that is there, can be seen, and isn't about to be deleted. */
export async function readProject(cloud, project) {
  const known = await cloud.get('cloudresourcemanager.googleapis.com', `v1/projects/${project}`).catch((error) => {
    if (error instanceof Refused) return null;
    throw error;
  });
  // Google gives the same answer for a project that doesn't exist and for one that you may not see.
  if (known === null) throw new Complaint(`--project ${project}: there is no such project, or you may not see it (gcloud projects list shows yours), or its first API is off: gcloud services enable cloudresourcemanager.googleapis.com --project=${project}`);
  if (known.lifecycleState !== 'ACTIVE') throw new Complaint(`--project ${project}: is ${known.lifecycleState}: gcloud projects undelete ${project} brings it back.`);
  return { projectNumber: String(known.projectNumber) };
}
