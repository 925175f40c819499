import { workflowJourney } from './workflow-journey.js';

await workflowJourney({ inPlace: [] });
