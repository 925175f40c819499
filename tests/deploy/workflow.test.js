// One function; all of them take minutes, in workflow.long.js, which builds in a fresh clone, too.
import { workflowJourney } from './workflow-journey.js';

await workflowJourney({ only: 'kyc', inPlace: ['build'] });
