// Every architecture rule, by the name that its fixtures have. Each was seen red: a guard that can't fail guards nothing.

import { circles } from './rules/circles.js';
import { direction, functionsApart, oneOwner, pureCore } from './rules/crates.js';
import { deadFiles } from './rules/dead-files.js';
import { namedProjects } from './rules/deploy.js';
import { coreAlone } from './rules/functions.js';
import { machinesApart, subjectsApart } from './rules/machines.js';
import { rooms } from './rules/rooms.js';
import { mayPublish, topicsExist } from './rules/settings.js';
import { noBusinessInShim, oneFrameworkFile, oneTransportFile, shimStandsAlone } from './rules/shim.js';
import { fileSize, functionSize, nothingOfOneMachine, reasons, tellingNames, testsApart } from './rules/sources.js';

export const rules = [
  { name: 'direction', says: 'crates depend on one another in one direction: abi -> google -> core, functions -> core, and one list of the functions', check: direction },
  { name: 'functions-apart', says: 'no function depends on another', check: functionsApart },
  { name: 'rooms', says: 'the rooms of the core use those before them: kernel, store, event, domain or protocol, jobs', check: rooms },
  { name: 'machines-apart', says: 'no state machine uses the store, an envelope or another machine', check: machinesApart },
  { name: 'subjects-apart', says: 'a subject uses of another its facts alone', check: subjectsApart },
  { name: 'circles', says: 'no file uses itself through others', check: circles },
  { name: 'dead-files', says: 'every source file is reached from a program, a test or a crate', check: deadFiles },
  { name: 'core-alone', says: 'a function uses the core alone, and nothing of the world outside', check: coreAlone },
  { name: 'pure-core', says: 'the core knows no host, protobuf, clock, randomness, file or network', check: pureCore },
  { name: 'one-owner', says: 'only abi knows JavaScript, and only google knows protobuf', check: oneOwner },
  { name: 'one-framework-file', says: 'one file of the shim imports functions-framework', check: oneFrameworkFile },
  { name: 'one-transport-file', says: 'one file of the shim speaks HTTP/2, and no package does it for it', check: oneTransportFile },
  { name: 'shim-stands-alone', says: 'the shim imports what is deployed with it, and nothing else', check: shimStandsAlone },
  { name: 'no-business-in-shim', says: 'the shim has no business word', check: noBusinessInShim },
  { name: 'telling-names', says: 'no file is named util, helper, common or misc', check: tellingNames },
  { name: 'file-size', says: 'no source file has more than 300 lines', check: fileSize },
  { name: 'function-size', says: 'a function has at most 120 lines', check: functionSize },
  { name: 'tests-apart', says: 'a crate\'s tests lie beside its sources, in tests/', check: testsApart },
  { name: 'topics-exist', says: 'functions hear and publish types that exist, on their topics', check: topicsExist },
  { name: 'may-publish', says: 'a function may publish where it does, dead-letters wherever one of messages does and nowhere else, clock to replays, and each only where the topic names it', check: mayPublish },
  { name: 'named-projects', says: 'a command of gcloud for somebody to type names its project', check: namedProjects },
  { name: 'reasons', says: 'every exception from a lint has a reason', check: reasons },
  { name: 'nothing-of-one-machine', says: 'no file names a path, a registry or an address of one machine', check: nothingOfOneMachine },
];
