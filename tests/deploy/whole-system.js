// This tree's whole system in a project of a test's.
import { readSystem } from '../../deploy/system.js';
import { ROOT } from './deploying.js';

export const wholeSystem = ({ project = 'a-project', notificationChannels = ['7'], only } = {}) => readSystem(ROOT, {
  environment: 'production', project, region: 'europe-west1', firestoreLocation: 'europe-west1', database: '(default)', protectData: true, notificationChannels, publishers: {},
}, { projectNumber: '123456789012', only });
