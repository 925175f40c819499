// Checks the places of the functions and the database. Every event reads and writes several times: a function on another
// continent than its database would mostly wait for it.
import { readFileSync } from 'node:fs';

import { nearest } from './nearest.js';

const TABLE = 'deploy/regions.json';
const { functions: { regions }, scheduler: { notIn: unscheduled }, firestore: { multiRegions } } = JSON.parse(readFileSync(new URL('../regions.json', import.meta.url), 'utf8'));

export function placement({ system: { region, firestoreLocation: location, functions = [] } }) {
  const sentences = [];
  if (!regions.includes(region)) sentences.push(unknown(`--region ${region}: Cloud Functions has no such region`, region, regions));
  const scheduled = functions.filter(({ trigger }) => trigger === 'schedule').map(({ name }) => name);
  if (unscheduled.includes(region) && scheduled.length > 0) {
    sentences.push(`--region ${region}: Cloud Scheduler, which calls ${scheduled.join(' and ')}, isn't there yet: take another region; where Google has opened it since, take it out of ${TABLE}.`);
  }
  const locations = [...Object.keys(multiRegions), ...regions];
  if (location !== region && !locations.includes(location)) {
    sentences.push(unknown(`--firestore-location ${location}: Firestore has no such location`, location, locations));
  }
  return sentences.length > 0 || isServed(region, location) ? sentences : [apart(region, location)];
}

function unknown(what, name, known) {
  const near = nearest(name, known);
  const meant = near.length > 0 ? `near it ${near.length > 1 ? 'are' : 'is'} ${near.join(', ')}` : `there are ${known.join(', ')}`;
  return `${what}: ${meant}; one that Google has opened since is added to ${TABLE}.`;
}

function isServed(region, location) {
  return region === location || (multiRegions[location] !== undefined && region.startsWith(multiRegions[location].serves));
}

function apart(region, location) {
  const of = multiRegions[location];
  const there = of === undefined ? location : of.best.join(' or --region=');
  return `--region ${region}: is too far from Firestore in ${location}, which each event goes to several times: give --region=${there}, or --firestore-location=${region}.`;
}
