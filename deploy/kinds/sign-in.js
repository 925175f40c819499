// How operators sign in: Identity Platform, by email and password, with a second factor from an authenticator app, and nobody by themselves. gcloud has
// no commands for it, so the steps are a program of ours. Accounts are given by npm run operators.
import { drifted, left, missing, programStep } from '../differences.js';

export const IDENTITY = 'identitytoolkit.googleapis.com';
export const configPath = (project) => `v2/projects/${project}/config`;

/** A code of the half minute before or after counts too: telephones' clocks differ. */
const ADJACENT_INTERVALS = 1;

/** By its place in the config: what it should be, and what is said where it isn't. */
const SETTINGS = [
  ['signIn.email.enabled', true, 'nobody signs in by email'],
  ['signIn.email.passwordRequired', true, 'a link in a mail is enough to sign in'],
  ['client.permissions.disabledUserSignup', true, 'anybody may register'],
  ['client.permissions.disabledUserDeletion', true, 'accounts may delete themselves'],
  ['emailPrivacyConfig.enableImprovedEmailPrivacy', true, 'it tells strangers which addresses have an account'],
];

export const signIn = {
  name: 'sign-in',
  permissions: {
    'roles/firebaseauth.admin': ['firebaseauth.configs.create', 'firebaseauth.configs.update'],
    'roles/serviceusage.serviceUsageConsumer': ['serviceusage.services.use'],
  },
  /** The project's config; null where Identity Platform isn't switched on. */
  read: (cloud, { project, isWhole }) => (isWhole ? cloud.get(IDENTITY, configPath(project)) : null),

  compare(there, { project, isWhole }) {
    if (!isWhole) return [];
    const wrong = SETTINGS.filter(([place, should]) => valueAt(there ?? {}, place) !== should);
    const isPlain = there?.subtype === 'FIREBASE_AUTH';
    const lacksFactor = !isPlain && !hasSecondFactor(there?.mfa);
    const upgrade = isPlain ? [left('Identity Platform', `is Firebase Authentication, which has no second factor from an app: upgrade it at https://console.cloud.google.com/customer-identity?project=${project}, then run this again`)] : [];
    const texts = [...wrong.map(([, , text]) => text), ...(lacksFactor ? ['there is no second factor from an app'] : [])];
    if (texts.length === 0) return upgrade;
    const change = changeStep(project, wrong, lacksFactor ? there?.mfa ?? {} : undefined);
    if (there === null) return [missing('Identity Platform, by email and password with a second factor from an app', [initialize(project), change])];
    return [...upgrade, drifted('Identity Platform', texts, [change])];
  },

  /** It can't be switched off by an API, and the accounts are people's. */
  removal: () => [],
  kept: (there, { isWhole, project }) => (isWhole && there !== null ? [`Identity Platform: stays with its accounts; npm run operators -- list --project ${project} names the operators`] : []),
};

const valueAt = (config, place) => place.split('.').reduce((value, name) => value?.[name], config);

/** Somebody may have made it mandatory, which is stricter. */
const IS_ON = ['ENABLED', 'MANDATORY'];
const isApp = ({ totpProviderConfig }) => totpProviderConfig !== undefined;
const hasSecondFactor = ({ state, providerConfigs = [] } = {}) => IS_ON.includes(state) && providerConfigs.some((one) => isApp(one) && IS_ON.includes(one.state));

const program = (say, project, ...words) => programStep(say, ['node', 'deploy/change-sign-in.js', `--project=${project}`, ...words]);
const initialize = (project) => program('switch Identity Platform on', project, 'initialize');

/** `mfa`: as it is, where it is to be changed; what else it has stays. */
function changeStep(project, wrong, mfa) {
  const content = {};
  for (const [place, should] of wrong) put(content, place.split('.'), should);
  if (mfa !== undefined) content.mfa = { ...mfa, state: IS_ON.includes(mfa.state) ? mfa.state : 'ENABLED', providerConfigs: [...(mfa.providerConfigs ?? []).filter((one) => !isApp(one)), { state: 'ENABLED', totpProviderConfig: { adjacentIntervals: ADJACENT_INTERVALS } }] };
  const mask = [...wrong.map(([place]) => place), ...(mfa === undefined ? [] : ['mfa'])].join();
  return { ...program('set how operators sign in', project, 'change', `--mask=${mask}`), file: { flag: '--body', name: 'sign-in.json', content } };
}

function put(into, [name, ...rest], value) {
  if (rest.length === 0) into[name] = value;
  else put(into[name] ??= {}, rest, value);
}
