import assert from 'node:assert/strict';
import { test } from 'node:test';

import { channels } from '../../../deploy/checks/channels.js';
import { alerts } from '../../../deploy/kinds/alerts.js';

const there = { policies: [], channels: [{ name: 'projects/p/notificationChannels/7' }] };
const asked = (notificationChannels, found = [{ kind: alerts, there }]) => channels({ found, system: { project: 'p', notificationChannels } });

test('a channel that isn\'t there is one sentence with its name', () => {
  assert.deepEqual(asked(['7', '8']), [
    "notificationChannels: projects/p/notificationChannels/8 isn't there: gcloud beta monitoring channels list --project=p shows what is.",
  ]);
});

test('of another project it isn\'t there either', () => assert.equal(asked(['projects/q/notificationChannels/7']).length, 1));

test('by its number or its whole name, one that is there is fine, and so is none', () => {
  assert.deepEqual(asked(['7', 'projects/p/notificationChannels/7']), []);
  assert.deepEqual(asked([]), []);
});
