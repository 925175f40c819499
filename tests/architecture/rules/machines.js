// The state machines know nothing of one another: what ties them together are events.

const FOLDER = 'crates/core/src/machines/';

/** The machine that a file belongs to: `machines/kyc.rs` and `machines/kyc/table.rs` both to kyc. */
function machineOf(path) {
  const name = path.slice(FOLDER.length).split('/')[0].replace(/\.rs$/, '');
  return name === 'mod' ? null : name;
}

export function machinesApart({ files }) {
  const sources = files.filter(({ path }) => path.startsWith(FOLDER) && path.endsWith('.rs') && machineOf(path) !== null);
  const machines = [...new Set(sources.map(({ path }) => machineOf(path)))];
  return sources.flatMap(({ path, text }) => {
    const code = text.replaceAll(/\/\/.*$/gm, '');
    const others = machines.filter((name) => name !== machineOf(path));
    return others.filter((name) => mentions(code, name)).map((name) => `${path} uses the state machine ${name}`);
  });
}

/** `machines::kyc`, `super::kyc`, and both inside braces. */
function mentions(code, name) {
  return new RegExp(String.raw`\b(machines|super)::(\{[^}]*\b)?${name}\b`).test(code);
}
