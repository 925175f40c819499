// What a person is told to type acts on the project that was looked at, whatever his gcloud is set to.

const TYPED = /gcloud (?:pubsub|firestore|functions|run|iam|secrets|scheduler|logging|monitoring|storage|artifacts|services)\b/;
const isTyped = (line) => TYPED.test(line.replace(/^\s*(?:\/\/|\*|\/\*\*).*/, ''));

export function namedProjects({ files }) {
  return files.filter(({ path }) => /^deploy\/.*\.js$/.test(path)).flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => (
    isTyped(line) && !line.includes('--project') ? [`${path}:${index + 1} names a command of gcloud without its --project; gcloudLine() puts it there`] : []
  )));
}
