// What holds for every file: names that tell, sizes that can be read, exceptions with reasons, nothing of one's own machine.

const SOURCE = /\.(rs|js|mjs|cjs|ts|html|css|sh|sql)$/;
const LONGEST_FILE_LINES = 300;
// However small: what several functions do is in the core, and the last of them has a name and a trigger.
const FUNCTION_LINES = 120;

const linesOf = (text) => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);

const TELLS_NOTHING = /^(utils?|helpers?|common|misc)$/i;

export function tellingNames({ files }) {
  const isVague = ({ path }) => path.split('/').some((part) => TELLS_NOTHING.test(part.replace(/\..*$/, '')));
  return files.filter(isVague).map(({ path }) => `${path} has a name that says nothing of what is in it`);
}

export function fileSize({ files }) {
  return files
    .filter(({ path, text }) => SOURCE.test(path) && linesOf(text) > LONGEST_FILE_LINES)
    .map(({ path, text }) => `${path} has ${linesOf(text)} lines; split it by meaning`);
}

/** A function is a responsibility that one can read at a glance; what is more belongs in the core. */
export function functionSize({ files, packages }) {
  return packages.filter(({ folder }) => folder.startsWith('functions/')).flatMap(({ folder }) => {
    const sources = files.filter(({ path }) => path.startsWith(`${folder}/src/`));
    const lines = sources.reduce((sum, { text }) => sum + linesOf(text), 0);
    return lines <= FUNCTION_LINES ? [] : [`${folder}/src has ${lines} lines, more than ${FUNCTION_LINES}`];
  });
}

/** An attribute or a comment that switches a rule off says why. */
export function reasons({ files }) {
  const complaints = [];
  for (const { path, text } of files) {
    if (path.endsWith('.rs')) {
      const attributes = [...text.matchAll(/#!?\[(?:cfg_attr\([^\]]*?\b)?(allow|expect)\(([^\]]*)\)\]/g)];
      const bare = attributes.filter(([, , inside]) => !/\breason\s*=\s*"[^"]+"/.test(inside));
      complaints.push(...bare.map(([attribute]) => `${path}: ${attribute.replaceAll(/\s+/g, ' ')} has no reason`));
    }
    if (path.endsWith('.js')) {
      const comments = [...text.matchAll(/(?:\/\/|\/\*)\s*eslint-disable\S*[^\n]*/g)].map(([comment]) => comment);
      const bare = comments.filter((comment) => !/\s--\s+\w/.test(comment));
      complaints.push(...bare.map((comment) => `${path}: \`${comment.trim()}\` has no reason`));
    }
  }
  return complaints;
}

// The build's own tests are run apart from the workspace's.
const IN_A_LIBRARY = /^(?!xtask\/).*\/src\/.*\.rs$/;
const TEST_IN_RUST = /#\[(?:\w+::)?test\b[^\]]*\]|^\s*\/\/[/!].*```/m;

/** A library's own test binary is compiled from all of it once more, so npm test compiles none. */
export function testsApart({ files }) {
  const having = files.filter(({ path, text }) => IN_A_LIBRARY.test(path) && TEST_IN_RUST.test(text));
  return having.map(({ path, text }) => `${path} has a test that npm test doesn't run: ${TEST_IN_RUST.exec(text)[0].trim()}; it belongs into tests/ of its crate`);
}

const OF_ONE_MACHINE = [
  { what: 'a path of one machine', pattern: /(?<![\w.~/:-])\/(?:home|root|Users|work|mnt)\/[\w.-]+/ },
  { what: 'a path of one machine', pattern: /\b[A-Z]:\\Users\\/ },
  { what: 'a package registry', pattern: /\b(?:registry\.(?:npmjs|yarnpkg)|(?:index|static)\.crates|files\.pythonhosted|artifactory|nexus)\.[a-z]/ },
  { what: 'a package registry', pattern: /^\s*"resolved": "http/m },
  { what: 'an address of one network', pattern: /\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b/ },
];

/** A clone works elsewhere just as well. */
export function nothingOfOneMachine({ files }) {
  return files.flatMap(({ path, text }) =>
    OF_ONE_MACHINE.flatMap(({ what, pattern }) => {
      const found = pattern.exec(text);
      return found === null ? [] : [`${path} names ${what}: ${found[0].trim()}`];
    }),
  );
}
