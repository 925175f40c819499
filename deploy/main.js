// The read-only part of deploy.sh: reads the project, compares it with this tree, prints the differences, and writes the steps that
// end them into a file. deploy.sh carries the steps out.
//
//   node deploy/main.js STEPS plan|apply|destroy|build [flags]
import { ROOT, setUpConsole, setUpFunctions } from '../local/set-up.js';
import { parseArguments } from './arguments.js';
import { checkBuilt, stampBuilt } from './built.js';
import { permissionsFor, problemsOf } from './checks/index.js';
import { openCloud, tokenOfGcloud } from './cloud.js';
import { Complaint } from './complaint.js';
import { readEnvironment } from './environment.js';
import { busyKinds, differencesOf, keptOf, leavingKinds, readAll, removalOf, stepsOf } from './plan.js';
import { readProject } from './project.js';
import { publishersOf, publishersText, readPublishers } from './publishers.js';
import { sizesOf, sizesText } from './sizes.js';
import { writeSteps } from './steps.js';
import { readSystem } from './system.js';
import { differencesText, headText, lackingText, removalText } from './text.js';

async function main([stepsFile, ...args]) {
  const wanted = parseArguments(args);
  if (wanted.command === 'build') return built();
  const environment = readEnvironment(ROOT, wanted);
  const cloud = openCloud({ token: tokenOfGcloud() });
  const { projectNumber } = await readProject(cloud, environment.project);
  if (wanted.built) checkBuilt(ROOT);
  else await makeFunctions();

  const system = readSystem(ROOT, environment, { projectNumber, only: wanted.only });
  console.log(headText(system));

  const found = await readAll(cloud, system);
  if (wanted.command === 'destroy') return destroyed({ cloud, system, found, stepsFile });

  const differing = differencesOf(found, system);
  const problems = await problemsOf(cloud, found, system);
  const lacking = await permissionsFor(busyKinds(differing), { cloud, system });
  if (wanted.command === 'apply') refuse([...problems, ...lacking]);
  // Sizes are read from installed packages, too, which a job that deploys a finished dist/ hasn't: `build` prints them.
  if (!wanted.built && differing.some(({ name }) => name === 'functions')) console.log(`\n${sizesText(sizesOf().filter(({ name }) => isIn(system, name)))}`);
  console.log(differencesText(differing));
  if (wanted.command === 'plan') console.log(publishersText(publishersOf(await readPublishers(cloud, system), system), system));
  // A plan may be read by somebody who may not apply it.
  if (lacking.length > 0) console.log(lackingText(lacking));
  refuse(problems);
  return writeSteps(stepsFile, stepsOf(differing, system));
}

/** Builds the functions, and the page that operators see. Progress goes to stderr, since stdout is the plan. */
async function makeFunctions() {
  try {
    const say = (line) => console.error(line);
    await setUpFunctions({ say });
    await setUpConsole({ say });
  } catch (error) {
    throw new Complaint(error.code === 'ENOENT' ? `${error.path} is missing: npm start says where to get it.` : error.message, { cause: error });
  }
}

/** Needs no project and no credentials. */
async function built() {
  await makeFunctions();
  stampBuilt(ROOT);
  console.log(sizesText(sizesOf()));
}

async function destroyed({ cloud, system, found, stepsFile }) {
  refuse(await permissionsFor(leavingKinds(found, system), { cloud, system }));
  const steps = removalOf(found, system);
  console.log(removalText(steps, keptOf(found, system), system));
  return writeSteps(stepsFile, steps);
}

function refuse(sentences) {
  if (sentences.length > 0) throw new Complaint(`nothing was changed.\n${sentences.map((sentence) => `  ${sentence}`).join('\n')}`);
}

const isIn = ({ functions }, wanted) => functions.some(({ name }) => name === wanted);

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`deploy.sh: ${error instanceof Complaint ? error.message : error.stack}`);
  process.exitCode = 1;
}
