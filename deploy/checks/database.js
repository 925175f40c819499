// Checks what can't be changed of a database that exists: its location, mode and edition.
import { database } from '../kinds/database.js';

export function databaseThatIsThere({ found, system }) {
  const { database: known } = found.find(({ kind }) => kind.name === database.name).there;
  if (known === null) return [];
  const name = `database ${system.database}`;
  const sentences = [];
  if (known.locationId !== system.firestoreLocation) {
    sentences.push(`${name} is in ${known.locationId}, not in ${system.firestoreLocation}, and can't be moved: give --firestore-location=${known.locationId}, or take another project.`);
  }
  if (known.type === 'DATASTORE_MODE') {
    sentences.push(`${name} is in Datastore mode, which Boma doesn't speak: take another project, or while it is empty: gcloud firestore databases update --database='${system.database}' --type=firestore-native --project=${system.project}`);
  }
  if (known.databaseEdition === 'ENTERPRISE') {
    sentences.push(`${name} is of the Enterprise edition, which indexes nothing by itself: take a project whose database is of the standard edition or isn't there yet.`);
  }
  return sentences;
}
