// Finds secrets that functions refer to and that can't be used: a deployment would fail after minutes. Only a person has the value.
import { commandLine } from '../command-line.js';
import { versionOf } from '../secrets.js';

export function secrets({ found, system }) {
  const versions = found.find(({ kind }) => kind.name === 'functions')?.there.secrets ?? {};
  const wanted = system.functions.flatMap((one) => (one.secrets ?? []).map((reference) => ({ ...reference, functionName: one.name })));
  return wanted.flatMap((reference) => sentence(reference, versions, system));
}

function sentence(reference, versions, { project, region }) {
  const { secret, functionName, name, reason } = reference;
  const what = `secret ${secret}, ${name} of ${functionName} (${reason})`;
  const enabled = versions[secret] ?? null;
  if (enabled === null) {
    const create = ['gcloud', 'secrets', 'create', secret, '--replication-policy=user-managed', `--locations=${region}`, '--data-file=-', `--project=${project}`];
    return [`${what}, isn't there: give its value to ${commandLine(create)}`];
  }
  const add = ['gcloud', 'secrets', 'versions', 'add', secret, '--data-file=-', `--project=${project}`];
  if (enabled.length === 0) return [`${what}, has no enabled version: give its value to ${commandLine(add)}`];
  const version = versionOf(reference, versions);
  if (enabled.includes(Number(version))) return [];
  const enable = ['gcloud', 'secrets', 'versions', 'enable', version, `--secret=${secret}`, `--project=${project}`];
  return [`${what}, has no enabled version ${version}, only ${enabled.join(', ')}: name one of those in its Cargo.toml, or ${commandLine(enable)}`];
}
