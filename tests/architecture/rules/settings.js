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

// It publishes what another function's commit still owes, so it must be allowed to wherever any of them is.
const PUBLISHES_FOR_ALL = 'functions/dead-letters';

export function mayPublish({ packages }) {
  const functions = packages.filter((crate) => crate.function !== null && crate.folder.startsWith('functions/'));
  const everywhere = functions.flatMap(publishedTopics);
  return functions.flatMap((crate) => {
    const { permissions = [] } = crate.function;
    const allowed = permissions.filter(({ role }) => role === 'roles/pubsub.publisher').map(({ topic }) => topic);
    const needed = crate.folder === PUBLISHES_FOR_ALL ? everywhere : publishedTopics(crate);
    const missing = [...new Set(needed)].filter((topic) => !allowed.includes(topic));
    return missing.map((topic) => `${crate.folder}/Cargo.toml: no permission to publish to ${topic}`);
  });
}

const publishedTopics = (crate) => Object.keys(crate.function.publishes ?? {});
