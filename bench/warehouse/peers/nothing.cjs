// What functions-framework takes by itself: a function that answers at once.
const functions = require('@google-cloud/functions-framework');

functions.http('warehouse', (request, response) => {
  process.domain?.exit(); // As ours does.
  response.status(204).end();
});
