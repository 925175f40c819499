// The users that a local stack has ready. They are the emulators' unsigned tokens and nothing else: nobody keeps them, and a function on the
// cloud takes none of them.
export const READY_OPERATORS = [
  { email: 'viewer@boma.test', role: 'viewer' },
  { email: 'operator@boma.test', role: 'operator' },
  { email: 'supervisor@boma.test', role: 'supervisor' },
  { email: 'second-supervisor@boma.test', role: 'supervisor' },
];
