// Started by a test: runs a stack until it is killed. Arguments: project, dist, stateDir.
import { startStack } from '../../local/stack.js';

const [project, dist, stateDir] = process.argv.slice(2);
const { stack, stop } = await startStack({ project, dist, stateDir, onCrash: (sentence) => { console.log(sentence); process.exit(1); } });
console.log(JSON.stringify(stack));
process.on('SIGINT', async () => { await stop(); process.exit(130); });
