// How topics and subscriptions are called, for those who only name them: nothing here needs an installed package.

export const topicName = (project, topic) => `projects/${project}/topics/${topic}`;
export const subscriptionName = (project, consumer, topic) => `projects/${project}/subscriptions/${consumer}.${topic}`;
