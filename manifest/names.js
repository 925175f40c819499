// The names of topics and subscriptions. Nothing here needs an installed package.

export const DEAD_LETTERS_TOPIC = 'dead-letters';

/** The same locally and in production, which is where dead letters say that they come from. */
export const subscriptionId = (consumer, topic) => `${consumer}.${topic}`;

export const topicName = (project, topic) => `projects/${project}/topics/${topic}`;
export const subscriptionName = (project, consumer, topic) => `projects/${project}/subscriptions/${subscriptionId(consumer, topic)}`;

/** Neither a function's folder nor a topic has a point in its name. */
export const topicOfSubscription = (name) => name.slice(name.lastIndexOf('.') + 1);

/** Where messages enter a region. By any other way a topic that keeps to its region takes none, and there would be no order. */
export const pubsubEndpoint = (region) => `${region}-pubsub.googleapis.com:443`;
