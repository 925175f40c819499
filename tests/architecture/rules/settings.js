// The settings of the functions agree with what the core knows.

export function topicsExist({ packages, topics }) {
  return packages.filter((crate) => crate.function !== null && crate.folder.startsWith('functions/')).flatMap((crate) => {
    const { topics: heard = {}, publishes = {} } = crate.function;
    return [...wrongTypes(crate, 'topics', heard, topics), ...wrongTypes(crate, 'publishes', publishes, topics)];
  });
}

function wrongTypes({ folder }, field, table, topics) {
  const named = Object.entries(table).flatMap(([topic, types]) => types.map((type) => ({ topic, type })));
  return named
    .filter(({ topic, type }) => topics[type] !== topic)
    .map(({ topic, type }) => {
      const truth = topics[type] === undefined ? 'there is no such type' : `it belongs on ${topics[type]}`;
      return `${folder}/Cargo.toml: ${field}.${topic} names ${type}, but ${truth}`;
    });
}

// It publishes what the record of a message still owes, so it must be allowed to wherever a function of messages is, and nowhere
// else. Jobs, changes and requests have no record.
const PUBLISHES_FOR_ALL = 'functions/dead-letters';
// It replays the letters of every function.
const REPLAYS_FOR_ALL = 'functions/clock';

export function mayPublish({ packages, authorities }) {
  const functions = packages.filter((crate) => crate.function !== null && crate.folder.startsWith('functions/'));
  const replays = functions.some((crate) => Object.hasOwn(crate.function.topics ?? {}, 'replays')) ? ['replays'] : [];
  const owed = functions.filter((crate) => crate.function.trigger === 'pubsub').flatMap(publishedTopics);
  return functions.flatMap((crate) => {
    const { permissions = [] } = crate.function;
    const allowed = permissions.filter(({ role }) => role === 'roles/pubsub.publisher').map(({ topic }) => topic);
    const forOthers = { [PUBLISHES_FOR_ALL]: owed, [REPLAYS_FOR_ALL]: replays }[crate.folder] ?? [];
    const needed = [...publishedTopics(crate), ...forOthers];
    const missing = [...new Set(needed)].filter((topic) => !allowed.includes(topic));
    const undeclared = allowed.filter((topic) => !authorities[topic]?.publishers.includes(crate.name));
    const unneeded = crate.folder === PUBLISHES_FOR_ALL ? allowed.filter((topic) => !needed.includes(topic)) : [];
    return [
      ...missing.map((topic) => `${crate.folder}/Cargo.toml: no permission to publish to ${topic}`),
      ...unneeded.map((topic) => `${crate.folder}/Cargo.toml: may publish to ${topic}, where no function owes anything`),
      ...undeclared.map((topic) => `${crate.folder}/Cargo.toml: may publish to ${topic ?? 'every topic'}, and isn't one of its publishers`),
    ];
  });
}

const publishedTopics = (crate) => Object.keys(crate.function.publishes ?? {});
