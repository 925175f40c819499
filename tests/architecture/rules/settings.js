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
