// What a person is told to type acts on the project that was looked at, whatever his gcloud is set to. Spelled in a text, or put
// together from words.

const TYPED = /gcloud (?:pubsub|firestore|functions|run|iam|secrets|scheduler|logging|monitoring|storage|artifacts|services)\b/;
const PUT_TOGETHER = /commandLine\(\['gcloud'/;
const isTyped = (line) => TYPED.test(line.replace(/^\s*(?:\/\/|\*|\/\*\*).*/, '')) || PUT_TOGETHER.test(line);

export function namedProjects({ files }) {
  return files.filter(({ path }) => /^deploy\/.*\.js$/.test(path)).flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => (
    isTyped(line) && !line.includes('--project') ? [`${path}:${index + 1} names a command of gcloud without its --project; gcloudLine() puts it there`] : []
  )));
}
