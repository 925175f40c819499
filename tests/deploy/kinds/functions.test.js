// Functions: what is there against what should be, as plain data.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { functions } from '../../../deploy/kinds/functions.js';
import { clock, hook, kycRequest, lookup, mirror, systemOf } from './one-of-each.js';

const system = systemOf(kycRequest);

/** What Google says of kyc-request where all is as it should be. */
function rightly() {
  return {
    name: 'projects/acme/locations/europe-west1/functions/kyc-request',
    environment: 'GEN_2',
    state: 'ACTIVE',
    labels: { 'deployment-tool': 'cli-gcloud', 'managed-by': 'boma', 'boma-source': 'd1' },
    buildConfig: { runtime: 'nodejs24', entryPoint: 'kyc_request', serviceAccount: 'projects/acme/serviceAccounts/boma-build@acme.iam.gserviceaccount.com' },
    serviceConfig: {
      serviceAccountEmail: 'boma-kyc-request@acme.iam.gserviceaccount.com',
      availableMemory: '512Mi', availableCpu: '1', timeoutSeconds: 50, maxInstanceRequestConcurrency: 16, maxInstanceCount: 20,
      ingressSettings: 'ALLOW_INTERNAL_ONLY', allTrafficOnLatestRevision: true, uri: 'https://kyc-request-abc-ew.a.run.app',
      environmentVariables: {
        GOOGLE_CLOUD_PROJECT: 'acme',
        PUBSUB_ENDPOINT: 'europe-west1-pubsub.googleapis.com:443',
        BOMA_CALLER: 'boma-push@acme.iam.gserviceaccount.com',
        BOMA_AUDIENCE: 'https://kyc-request-1234.europe-west1.run.app',
        LOG_EXECUTION_ID: 'false',
      },
    },
  };
}

/** What Cloud Run says of the service behind it. */
const service = (more) => ({ name: 'projects/acme/locations/europe-west1/services/kyc-request', ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY', ...more });

const here = (...all) => ({ all, services: [], secrets: {} });

/** All that is said of the one function when it is there like this. */
function saidOf(change, within = system, there = rightly()) {
  change(there);
  const [difference, ...more] = functions.compare(here(there), within);
  assert.deepEqual(more, []);
  return difference;
}

/** The flags of a deployment by their names. */
const flagsOf = ({ steps: [{ gcloud }] }) => Object.fromEntries(gcloud.filter((word) => word.startsWith('--')).map((word) => {
  const [name, ...value] = word.split('=');
  return [name, value.join('=')];
}));

test('nothing is there: it is deployed, and nobody is let in by the way', () => {
  const [difference] = functions.compare(here(), system);
  assert.equal(difference.mark, '+');
  const [{ gcloud, wave }] = difference.steps;
  assert.deepEqual(gcloud.slice(0, 6), ['functions', 'deploy', 'kyc-request', '--gen2', '--region=europe-west1', '--source=dist/kyc-request']);
  assert.ok(gcloud.includes('--no-allow-unauthenticated'));
  assert.equal(wave, 'deploy');
});

test('where the environment names another database, functions speak to that one, and are told of what changes there', () => {
  const restored = { ...systemOf(kycRequest), database: 'restored-1' };
  assert.match(saidOf(() => {}, restored).text, /FIRESTORE_DATABASE isn't set/);
  const [{ steps: [{ gcloud }] }] = functions.compare(here(), { ...systemOf(mirror), database: 'restored-1' });
  assert.ok(gcloud.includes('--trigger-event-filters=type=google.cloud.firestore.document.v1.written,database=restored-1'), gcloud.join(' '));
});

test('while messages of the first edition are on their way, functions that hear messages are told so', () => {
  const system = { ...systemOf(kycRequest), firstEdition: 'in-flight' };
  assert.equal(saidOf(() => {}, system).text, 'BOMA_FIRST_EDITION isn\'t set');
  assert.match(flagsOf(saidOf(() => {}, system))['--set-env-vars'], /,BOMA_FIRST_EDITION=in-flight,/);
  assert.deepEqual(functions.compare(here(rightly()), { ...systemOf(kycRequest), firstEdition: 'drained' }), []);
  assert.doesNotMatch(flagsOf(functions.compare(here(), { ...systemOf(clock), firstEdition: 'in-flight' })[0])['--set-env-vars'], /FIRST_EDITION/);
});

test('what is there as it should be is left alone', () => {
  assert.deepEqual(functions.compare(here(rightly()), system), []);
});

const DRIFT = [
  ['code', (there) => { there.labels['boma-source'] = 'other'; }, 'was built from something else'],
  ['code that nobody labelled', (there) => { delete there.labels['boma-source']; }, 'was built from something else'],
  ['a failed deployment', (there) => { Object.assign(there, { state: 'FAILED', stateMessages: [{ severity: 'ERROR', type: 'CloudRunServiceNotFound', message: 'Container Healthcheck failed.' }] }); }, 'failed to deploy: Container Healthcheck failed.'],
  ['a deployment that is under way', (there) => { there.state = 'DEPLOYING'; }, 'is deploying'],
  ['runtime', (there) => { there.buildConfig.runtime = 'nodejs22'; }, 'runtime is nodejs22, not nodejs24'],
  ['entry point', (there) => { there.buildConfig.entryPoint = 'other'; }, 'entry point is other, not kyc_request'],
  ['builder', (there) => { delete there.buildConfig.serviceAccount; }, 'builder is the default account, not boma-build@acme.iam.gserviceaccount.com'],
  ['account', (there) => { there.serviceConfig.serviceAccountEmail = '1234-compute@developer.gserviceaccount.com'; }, 'account is 1234-compute@developer.gserviceaccount.com, not boma-kyc-request@acme.iam.gserviceaccount.com'],
  ['memory', (there) => { there.serviceConfig.availableMemory = '256Mi'; }, 'memory is 256Mi, not 512Mi'],
  ['CPU', (there) => { there.serviceConfig.availableCpu = '0.1666'; }, 'CPU is 0.1666, not 1'],
  ['timeout', (there) => { there.serviceConfig.timeoutSeconds = 60; }, 'timeout is 60 s, not 50 s'],
  ['concurrency', (there) => { there.serviceConfig.maxInstanceRequestConcurrency = 80; }, 'concurrency is 80, not 16'],
  ['fewest instances', (there) => { there.serviceConfig.minInstanceCount = 1; }, 'fewest instances is 1, not 0'],
  ['most instances', (there) => { there.serviceConfig.maxInstanceCount = 100; }, 'most instances is 100, not 20'],
  ['ingress', (there) => { there.serviceConfig.ingressSettings = 'ALLOW_ALL'; }, 'ingress is ALLOW_ALL, not ALLOW_INTERNAL_ONLY'],
  ['traffic', (there) => { there.serviceConfig.allTrafficOnLatestRevision = false; }, 'an earlier revision gets requests'],
  ['a variable that is missing', (there) => { delete there.serviceConfig.environmentVariables.BOMA_CALLER; }, 'BOMA_CALLER isn\'t set'],
  ['a variable that says something else', (there) => { there.serviceConfig.environmentVariables.PUBSUB_ENDPOINT = 'pubsub.googleapis.com:443'; }, 'PUBSUB_ENDPOINT is pubsub.googleapis.com:443, not europe-west1-pubsub.googleapis.com:443'],
  ['a foreign variable, without its value', (there) => { there.serviceConfig.environmentVariables.DEBUG = 'hunter2'; }, 'DEBUG is set, and nothing here asks for it'],
  ['a foreign secret', (there) => { there.serviceConfig.secretEnvironmentVariables = [{ key: 'KEY', projectId: '1234', secret: 'key', version: '1' }]; }, 'KEY is a secret, and nothing here asks for it'],
  ['a foreign trigger', (there) => { there.eventTrigger = { eventType: 'google.cloud.pubsub.topic.v1.messagePublished' }; }, 'is called by Eventarc (google.cloud.pubsub.topic.v1.messagePublished), and should be by requests'],
];
for (const [what, change, text] of DRIFT) {
  test(`drift is named and ended by a deployment: ${what}`, () => {
    const difference = saidOf(change);
    assert.equal(difference.text, text);
    assert.equal(difference.steps.length, 1);
    // On a function that is there this flag would make gcloud change its policy.
    assert.ok(!difference.steps[0].gcloud.includes('--no-allow-unauthenticated'));
  });
}

test('all that differs is said at once, and all settings are said again', () => {
  const difference = saidOf((there) => {
    there.serviceConfig.availableMemory = '256Mi';
    there.state = 'FAILED';
  });
  assert.equal(difference.text, 'failed to deploy; memory is 256Mi, not 512Mi');
  assert.equal(flagsOf(difference)['--concurrency'], '16');
});

describe('who may call', () => {
  test('an HTTP function with one caller is reached from inside alone, and looks for that caller', () => {
    const [difference] = functions.compare(here(), systemOf(lookup));
    const flags = flagsOf(difference);
    assert.equal(flags['--ingress-settings'], 'internal-only');
    assert.match(flags['--set-env-vars'], /BOMA_CALLER=boma-http@acme\.iam\.gserviceaccount\.com,BOMA_AUDIENCE=https:\/\/lookup-1234\.europe-west1\.run\.app,/);
    assert.ok(Object.hasOwn(flags, '--trigger-http') && !Object.hasOwn(flags, '--retry'));
  });

  test('a function that anybody may call is open to the network, and has no caller to look for', () => {
    const [difference] = functions.compare(here(), systemOf(hook));
    const flags = flagsOf(difference);
    assert.equal(flags['--ingress-settings'], 'all');
    assert.doesNotMatch(flags['--set-env-vars'], /BOMA_/);
    assert.ok(Object.hasOwn(flags, '--trigger-http'));
    assert.ok(Object.hasOwn(flags, '--no-allow-unauthenticated'), 'the public is let in by a right that has a reason, not by a deployment');
  });

  test('a service that was opened behind its function is found and closed', () => {
    const compared = (more) => functions.compare({ all: [rightly()], services: [service(more)], secrets: {} }, system);
    assert.deepEqual(compared({}), []);
    assert.deepEqual(compared({ ingress: 'INGRESS_TRAFFIC_ALL' }).map(({ text, steps }) => [text, steps[0].gcloud[1]]), [
      ['ingress of its service is INGRESS_TRAFFIC_ALL, not INGRESS_TRAFFIC_INTERNAL_ONLY', 'deploy'],
    ]);
    assert.deepEqual(compared({ invokerIamDisabled: true }).map(({ what, text, steps }) => [what, text, steps[0].gcloud]), [[
      'service kyc-request', 'is open to the public: Cloud Run is told to ask nobody who he is',
      ['run', 'services', 'update', 'kyc-request', '--region=europe-west1', '--invoker-iam-check'],
    ]]);
  });

  test('a scheduled function looks for the scheduler', () => {
    const [difference] = functions.compare(here(), systemOf(clock));
    assert.match(flagsOf(difference)['--set-env-vars'], /BOMA_CALLER=boma-schedule@acme/);
  });
});

describe('secrets', () => {
  const reference = { name: 'SIGNING_KEY', secret: 'provider-key', reason: 'signs' };
  const withSecret = (more) => systemOf({ ...kycRequest, secrets: [{ ...reference, ...more }] });
  const compared = (versions, is, more) => {
    const there = rightly();
    there.serviceConfig.secretEnvironmentVariables = is;
    return functions.compare({ all: [there], services: [], secrets: { 'provider-key': versions } }, withSecret(more));
  };

  test('one that the function has not is referred to by the number of its newest version', () => {
    const [difference] = compared([1, 3, 2], undefined);
    assert.equal(difference.text, 'SIGNING_KEY is no secret, not provider-key:3');
    assert.equal(flagsOf(difference)['--set-secrets'], 'SIGNING_KEY=provider-key:3');
  });

  test('a new version is drift, a disabled one is not waited for', () => {
    const at = (version) => [{ key: 'SIGNING_KEY', projectId: '1234', secret: 'provider-key', version }];
    assert.equal(compared([1, 2], at('1'))[0].text, 'SIGNING_KEY is provider-key:1, not provider-key:2');
    assert.deepEqual(compared([1], at('1')), []);
    assert.equal(compared([1, 2], at('latest'))[0].text, 'SIGNING_KEY is provider-key:latest, not provider-key:2');
  });

  test('a version that is pinned stays', () => {
    assert.deepEqual(compared([1, 2], [{ key: 'SIGNING_KEY', projectId: '1234', secret: 'provider-key', version: '1' }], { version: '1' }), []);
  });

  test('one that nobody asks for any more is taken away', () => {
    const difference = saidOf((there) => { there.serviceConfig.secretEnvironmentVariables = [{ key: 'KEY', secret: 'key', version: '1' }]; });
    assert.ok(Object.hasOwn(flagsOf(difference), '--clear-secrets'));
  });
});

describe('changes of documents', () => {
  const mirrored = systemOf(mirror);
  const rightTrigger = () => ({
    trigger: 'projects/acme/locations/eur3/triggers/mirror-1', triggerRegion: 'eur3', eventType: 'google.cloud.firestore.document.v1.written',
    eventFilters: [{ attribute: 'database', value: '(default)' }, { attribute: 'document', value: 'users/{userId}', operator: 'match-path-pattern' }],
    serviceAccountEmail: 'boma-changes@acme.iam.gserviceaccount.com', retryPolicy: 'RETRY_POLICY_RETRY',
  });
  const changed = (change) => saidOf((there) => {
    there.eventTrigger = rightTrigger();
    change(there.eventTrigger, there);
  }, mirrored, mirrorThere());
  function mirrorThere() {
    const there = rightly();
    there.name = there.name.replace('kyc-request', 'mirror');
    there.labels['boma-source'] = 'd3';
    there.buildConfig.entryPoint = 'mirror';
    there.serviceConfig.serviceAccountEmail = 'boma-mirror@acme.iam.gserviceaccount.com';
    there.serviceConfig.uri = 'https://mirror-abc-ew.a.run.app';
    Object.assign(there.serviceConfig.environmentVariables, { BOMA_CALLER: 'boma-changes@acme.iam.gserviceaccount.com', BOMA_AUDIENCE: 'https://mirror-abc-ew.a.run.app' });
    return there;
  }

  test('come to a function by its own trigger, where the database is, and again until they are taken', () => {
    const flags = flagsOf(functions.compare(here(), mirrored)[0]);
    assert.equal(flags['--trigger-event-filters'], 'type=google.cloud.firestore.document.v1.written,database=(default)');
    assert.equal(flags['--trigger-event-filters-path-pattern'], 'document=users/{userId}');
    assert.equal(flags['--trigger-location'], 'eur3');
    assert.equal(flags['--trigger-service-account'], 'boma-changes@acme.iam.gserviceaccount.com');
    assert.ok(Object.hasOwn(flags, '--retry') && !Object.hasOwn(flags, '--trigger-http'));
  });

  test('a right trigger is left alone', () => {
    assert.equal(changed(() => {}), undefined);
  });

  const drift = [
    ['no trigger at all', (_trigger, there) => { delete there.eventTrigger; }, /^trigger's type is not set, not google.cloud.firestore.document.v1.written/],
    ['other documents', (trigger) => { trigger.eventFilters[1].value = 'leads/{leadId}'; }, /^trigger's document is leads\/\{leadId\}, not users\/\{userId\}$/],
    ['another event', (trigger) => { trigger.eventType = 'google.cloud.firestore.document.v1.deleted'; }, /^trigger's type is .*deleted, not .*written$/],
    ['no retries', (trigger) => { trigger.retryPolicy = 'RETRY_POLICY_DO_NOT_RETRY'; }, /^trigger's retry is RETRY_POLICY_DO_NOT_RETRY, not RETRY_POLICY_RETRY$/],
    ['another account', (trigger) => { trigger.serviceAccountEmail = 'x@acme'; }, /^trigger's account is x@acme, not boma-changes@/],
    ['the audience before the address was known', (_trigger, { serviceConfig }) => { serviceConfig.environmentVariables.BOMA_AUDIENCE = 'https://mirror-1234.europe-west1.run.app'; }, /^BOMA_AUDIENCE is .*1234.*, not https:\/\/mirror-abc-ew\.a\.run\.app$/],
  ];
  for (const [what, change, text] of drift) test(`drift of a trigger: ${what}`, () => assert.match(changed(change).text, text));
});

describe('what else is there', () => {
  const other = (name, { region = 'europe-west1', ...more } = {}) => ({ ...rightly(), ...more, name: `projects/acme/locations/${region}/functions/${name}` });

  test('a function of ours that the tree has no more is left to a person, and so is one in another region', () => {
    const differences = functions.compare(here(rightly(), other('gone'), other('kyc-request', { region: 'us-central1' })), system);
    assert.deepEqual(differences.map(({ mark, what, steps }) => [mark, what, steps.length]), [['!', 'function gone', 0], ['!', 'function kyc-request', 0]]);
    assert.match(differences[0].text, /gcloud functions delete gone --gen2 --region=europe-west1 --project=acme$/);
    assert.match(differences[1].text, /^is Boma's, and is in us-central1, and belongs into europe-west1/);
  });

  test('what is in another region alone is missing here', () => {
    const differences = functions.compare(here(other('kyc-request', { region: 'us-central1' })), system);
    assert.deepEqual(differences.map(({ mark }) => mark), ['+', '!']);
  });

  test('of a part of the functions nothing is said about the others', () => {
    assert.deepEqual(functions.compare(here(rightly(), other('gone')), { ...system, isWhole: false }), []);
  });

  test("somebody else's function is neither judged nor taken away", () => {
    const there = here(rightly(), other('shop', { labels: { team: 'shop' } }));
    assert.deepEqual(functions.compare(there, system), []);
    assert.deepEqual(functions.removal(there, system).map(({ say }) => say), ['delete function kyc-request']);
  });

  test('what is taken away is all that is ours, where it is, or the part alone', () => {
    const there = here(rightly(), other('gone'), other('kyc-request', { region: 'us-central1' }));
    const regions = functions.removal(there, system).map(({ gcloud }) => gcloud.at(-1));
    assert.deepEqual(regions, ['--region=europe-west1', '--region=europe-west1', '--region=us-central1']);
    assert.ok(functions.removal(there, { ...system, isWhole: false }).every(({ say }) => say === 'delete function kyc-request'));
  });

  test('what Cloud Functions keeps of ours is said to stay, once, when all go', () => {
    assert.match(functions.kept(here(rightly()), system).join(), /^what functions were made of stays in the buckets gcf-v2-\* .*gcloud artifacts repositories delete gcf-artifacts --location=europe-west1 --project=acme$/);
    assert.deepEqual([functions.kept(here(rightly()), { ...system, isWhole: false }), functions.kept(here(), system)], [[], []]);
  });

  test('a name is taken by a function without our label, whatever its generation, or by a service of Cloud Run', () => {
    const first = other('kyc-request', { labels: {}, environment: 'GEN_1' });
    assert.deepEqual(functions.collisions(here(first), system), [
      { what: 'function kyc-request', remove: ['functions', 'delete', 'kyc-request', '--no-gen2', '--region=europe-west1'] },
    ]);
    assert.deepEqual(functions.collisions({ all: [], services: [service(), { ...service(), name: 'shop' }] }, system), [
      { what: "Cloud Run's service kyc-request", remove: ['run', 'services', 'delete', 'kyc-request', '--region=europe-west1'] },
    ]);
    assert.deepEqual(functions.collisions({ all: [rightly()], services: [service()] }, system), []);
  });
});
