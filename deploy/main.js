// The part of deploy.sh that looks and thinks: reads what is there, holds it against what should be, says what differs, and
// writes the steps that end it into a file. It changes nothing; deploy.sh carries the steps out.
//
//   node deploy/main.js STEPS plan|apply|destroy [flags]
import { ROOT, buildFunctions } from '../local/set-up.js';
import { parseArguments } from './arguments.js';
import { check } from './checks/index.js';
import { openCloud, tokenOfGcloud } from './cloud.js';
import { Complaint } from './complaint.js';
import { readEnvironment } from './environment.js';
import { differencesOf, keptOf, readAll, removalOf, stepsOf } from './plan.js';
import { readProject } from './project.js';
import { sizesOf, sizesText } from './sizes.js';
import { writeSteps } from './steps.js';
import { readSystem } from './system.js';
import { differencesText, headText, removalText } from './text.js';

async function main([stepsFile, ...args]) {
  const wanted = parseArguments(args);
  const environment = readEnvironment(ROOT, wanted);
  const cloud = openCloud({ token: tokenOfGcloud() });
  const { projectNumber } = await readProject(cloud, environment.project);
  await buildFunctions();

  const system = readSystem(ROOT, environment, { projectNumber, only: wanted.only });
  console.log(headText(system));

  const found = await readAll(cloud, system);
  if (wanted.command === 'destroy') {
    const steps = removalOf(found, system);
    console.log(removalText(steps, keptOf(found, system), system));
    return writeSteps(stepsFile, steps);
  }
  await check(cloud, found, system);
  const differing = differencesOf(found, system);
  if (differing.some(({ name }) => name === 'functions')) console.log(`\n${sizesText(sizesOf().filter(({ name }) => isIn(system, name)))}`);
  console.log(differencesText(differing));
  return writeSteps(stepsFile, stepsOf(differing, system));
}

const isIn = ({ functions }, wanted) => functions.some(({ name }) => name === wanted);

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`deploy.sh: ${error instanceof Complaint ? error.message : error.stack}`);
  process.exitCode = 1;
}
