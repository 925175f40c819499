// Loaded before functions-framework: tells on stderr of each domain that is made.

const domain = require('node:domain');

const { create } = domain;
domain.create = () => {
  process.stderr.write('a domain\n');
  return create();
};
