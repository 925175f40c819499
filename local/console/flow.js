// The map that the console's view Flow draws: topics, functions and what they keep, from the functions' own settings.

const KEPT = ['users', 'kyc_cases', 'transactions', 'leads', 'engagement', 'markets', 'price_alerts', 'mail', 'approvals', 'dead_letters', 'pulse'];
/** Each writes its records, and letters of what it can't handle: drawn, that would be all that one sees. */
const OF_EACH = ['dead_letters'];

/** { topics: [{name, publishers, types}], functions: [{name, description, hears, publishes, keeps, trigger}] } */
export function flowOf({ functions, topicOf, topics }, { topics: authorities = {} }) {
  return {
    topics: topics.toSorted().map((name) => ({
      name,
      publishers: publishersOf(authorities[name]),
      types: Object.keys(topicOf).filter((type) => topicOf[type] === name),
    })),
    functions: functions.map(({ name, description, topics: heard = {}, publishes = {}, permissions = [], ...settings }) => ({
      name,
      description,
      hears: Object.keys(heard).filter((topic) => topic !== 'replays'),
      publishes: Object.keys(publishes).filter((topic) => topic !== 'replays'),
      keeps: keptBy(name, permissions),
      trigger: triggerOf(settings),
    })),
  };
}

function publishersOf({ publishers = [], openTo } = {}) {
  return [...publishers, ...(openTo ? [openTo] : [])];
}

/** A permission's reason says which documents it is for: `reads and writes users, kyc_cases`. */
function keptBy(name, permissions) {
  const words = permissions.filter(({ role }) => role === 'roles/datastore.user').flatMap(({ reason }) => reason.match(/[a-z_]+/g) ?? []);
  return KEPT.filter((collection) => words.includes(collection) && (name === 'dead-letters' || !OF_EACH.includes(collection)));
}

function triggerOf({ trigger, schedule, document, documents }) {
  return [trigger, schedule, document, ...(documents ?? [])].filter((word) => typeof word === 'string').join(' ');
}
