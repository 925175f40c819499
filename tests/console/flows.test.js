// The operators' work through a real browser, on a real stack: what is published is seen without reloading, and what is pressed happens.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { message, startRealStack } from '../stack/real-stack.js';
import { until } from '../stack/until.js';
import { startBrowser } from './browser.js';

const OPERATOR = 'operator@boma.test';
const SUPERVISOR = 'supervisor@boma.test';
const SECOND = 'second-supervisor@boma.test';

let stack;
let browser;
before(async () => {
  stack = await startRealStack({ project: 'demo-boma', withConsole: true });
  browser = await startBrowser(stack.url);
});
after(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What `check` comes to, once it throws nothing. */
async function eventually(check) {
  let complaint;
  const [answer] = await until(() => complaint, async () => {
    try {
      return [await check()];
    } catch ({ message: text }) {
      complaint = text;
      return false;
    }
  }, { withinMs: 20_000, everyMs: 200 });
  return answer;
}

function event(type, subject, data) {
  return { specversion: '1.0', id: randomUUID(), source: '//bank/test', type, subject, time: new Date(Date.now() - 60_000).toISOString(), data };
}

async function published(topic, ...events) {
  const pairs = await stack.publish(topic, events.map((one) => message(one)));
  assert.deepEqual(await stack.unacknowledged(pairs, 60_000), []);
}

async function registered(fullName, { id = randomUUID(), region = 'Prague' } = {}) {
  await published('user-onboarding', event('UserRegistered', id, { email: `${id}@example.com`, fullName, country: 'CZ', region }));
  return id;
}

const review = (id, decision = 'REVIEW') => event('KycCompleted', id, { decision, provider: 'sumsub', reviewId: `r-${randomUUID()}`, reasons: ['NAME_ON_A_LIST'], validUntil: '2036-01-01T00:00:00Z' });
const field = async (path, name) => (await stack.documents()).get(path)?.[name];
const become = (path, name, wanted) => eventually(async () => assert.deepEqual(await field(path, name), wanted));

test('a review is seen as it comes, taken, approved, and its operator is in the timeline', async () => {
  const { page, complaints } = await browser.signedIn(OPERATOR, '/reviews');
  await page.getByText('Nobody waits.').waitFor();
  const id = await registered('Ada Lovelace');
  await published('kyc', review(id));

  await page.getByText('NAME_ON_A_LIST').waitFor();
  await page.getByRole('button', { name: 'Take next' }).click();
  const card = page.getByRole('region', { name: 'Review of Ada Lovelace' });
  await card.getByText(OPERATOR).waitFor();
  await become(`kyc_cases/${id}`, 'assignedTo', OPERATOR);

  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await card.getByText('Done').waitFor();
  await card.getByText('APPROVED').first().waitFor();
  await become(`users/${id}`, 'tradingEnabled', true);

  await card.getByRole('link', { name: 'Ada Lovelace' }).click();
  await page.getByText('trading on').waitFor();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const reviewed = timeline.getByRole('listitem').filter({ hasText: 'KycReviewed' }).first();
  await reviewed.getByText(`by ${OPERATOR}`).waitFor();
  await reviewed.getByText('IN_REVIEW').first().waitFor();
  assert.deepEqual(complaints, []);
});

test('a review is rejected with a reason, held and released; a refusal says why', async () => {
  const id = await registered('Blaise Pascal');
  await published('kyc', review(id));
  const { page } = await browser.signedIn(OPERATOR, `/reviews?open=${id}`);
  const card = page.getByRole('region', { name: 'Review of Blaise Pascal' });
  const button = (name) => card.getByRole('button', { name, exact: true });

  await button('Hold').click();
  await card.getByRole('textbox', { name: 'Reason' }).fill('a name on a list');
  await button('Hold').click();
  await become(`kyc_cases/${id}`, 'check', 'ON_HOLD');
  await button('Release').click();
  await become(`kyc_cases/${id}`, 'check', 'IN_REVIEW');
  await button('Reject').click();
  await card.getByRole('textbox', { name: 'Reason' }).fill('DocumentForged');
  await button('Reject').click();
  await card.getByText('REJECTED').first().waitFor();
  await become(`users/${id}`, 'kycStatus', 'REJECTED');
  assert.equal(await button('Approve').count(), 0, 'nothing more is to be decided');
});

test('a review that was taken is handed back', async () => {
  const id = await registered('Carl Gauss');
  await published('kyc', review(id));
  const { page } = await browser.signedIn(OPERATOR, '/reviews');
  await page.getByRole('button', { name: 'Take next' }).click();
  const card = page.getByRole('region', { name: 'Review of Carl Gauss' });
  await card.getByRole('button', { name: 'Hand back' }).click();
  await become(`kyc_cases/${id}`, 'assignedTo', undefined);
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await become(`users/${id}`, 'kycStatus', 'APPROVED');
});

test('of two who take the one review at the same moment, one has it, and the other is told', async () => {
  const id = await registered('Emmy Noether');
  const [one, two] = await Promise.all([browser.signedIn(OPERATOR, '/reviews'), browser.signedIn(SUPERVISOR, '/reviews')]);
  await published('kyc', review(id));
  const pages = [one.page, two.page];
  await Promise.all(pages.map((page) => page.getByText('NAME_ON_A_LIST').waitFor()));
  await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Take next' }).click()));

  const opened = (page) => page.getByRole('region', { name: 'Review of Emmy Noether' }).isVisible();
  const told = (page) => page.getByRole('alert').filter({ hasText: 'AlreadyClaimed' }).isVisible();
  await eventually(async () => {
    const seen = await Promise.all(pages.map(async (page) => [await opened(page), await told(page)]));
    assert.deepEqual(seen.toSorted(), [[false, true], [true, false]]);
  });
  const holder = await field(`kyc_cases/${id}`, 'assignedTo');
  assert.equal(await opened(holder === OPERATOR ? one.page : two.page), true);
  const card = (holder === OPERATOR ? one.page : two.page).getByRole('region', { name: 'Review of Emmy Noether' });
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await become(`users/${id}`, 'kycStatus', 'APPROVED');
});

test('a payout needs two people: asked for by one, approved by another, on the customer\'s own page too', async () => {
  const id = await registered('Grace Hopper');
  await published('kyc', review(id, 'APPROVED'));
  await published('payments', event('PaymentReceived', id, { transactionId: randomUUID(), amount: '500.00', currency: 'CZK', method: 'TRANSFER' }));
  await published('operations', event('KycSuspended', id, { reason: 'a court order' }));
  const { page } = await browser.signedIn(SUPERVISOR, `/customers/${id}`);
  await page.getByText('SUSPENDED').first().waitFor();
  await page.getByRole('button', { name: 'Order payout' }).click();
  await page.getByRole('textbox', { name: 'Amount' }).fill('500.00');
  await page.getByRole('textbox', { name: 'Currency' }).fill('CZK');
  await page.getByRole('combobox', { name: 'Method' }).selectOption('TRANSFER');
  await page.getByRole('textbox', { name: 'Reason' }).fill('back to the customer');
  await page.getByRole('button', { name: 'Order payout' }).click();
  await page.getByText('A second person has to approve it').waitFor();
  await page.getByText('You asked for it: another supervisor decides.').waitFor();

  const second = await browser.signedIn(SECOND, '/approvals');
  const card = second.page.getByRole('article', { name: /PayoutOrdered/ });
  await card.getByText('500.00').waitFor();
  await card.getByText(SUPERVISOR).waitFor();
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await card.getByText('Done').waitFor();

  const payout = await eventually(async () => {
    const found = [...await stack.documents()].find(([path, data]) => path.startsWith('transactions/') && data.kind === 'WITHDRAWAL' && data.userId === id);
    assert.ok(found);
    return found[1];
  });
  assert.deepEqual([payout.operator, payout.approvedBy, payout.amount], [SUPERVISOR, SECOND, 50000]);
  await page.getByRole('region', { name: 'Transactions' }).getByText('WITHDRAWAL').waitFor();
});

test('a poison event is a letter that says why; once its cause is gone it is replayed, and others are discarded', async () => {
  const { page } = await browser.signedIn(OPERATOR, '/dead-letters');
  await page.getByRole('heading', { name: 'Dead letters' }).waitFor();
  const id = randomUUID();
  const tooEarly = event('PaymentReceived', id, { transactionId: randomUUID(), amount: '12.345', currency: 'CZK', method: 'TRANSFER' });
  await published('payments', tooEarly);
  const group = page.getByRole('region', { name: /^payments, MALFORMED/ });
  await group.getByText('data.amount').first().waitFor();
  await group.getByText('PaymentReceived').first().click();
  await group.getByText('"amount": "12.345"').waitFor();
  await group.getByRole('button', { name: 'Replay', exact: true }).click();
  await group.getByText(/Refused/).or(page.getByRole('list', { name: 'What came of it' }).getByText(/Refused/)).first().waitFor();

  const note = event('KycHeld', await registered('Alan Turing'), { reason: 'x' });
  await published('operations', { ...note, type: 'KycReleased', data: { operator: OPERATOR } });
  const refused = page.getByRole('region', { name: /^kyc, REFUSED: IllegalTransition/ });
  await refused.getByText('IllegalTransition').first().waitFor();
  // What stood in its way is done: the customer is on hold.
  await published('operations', { ...event('KycHeld', note.subject, { reason: 'a name on a list' }) });
  await refused.getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByRole('list', { name: 'What came of it' }).getByText('Replayed').waitFor();
  await become(`kyc_cases/${note.subject}`, 'check', 'IN_REVIEW');

  const other = event('KycReleased', await registered('Kurt Goedel'), { operator: OPERATOR });
  await published('operations', other);
  await refused.getByRole('button', { name: 'Discard' }).click();
  await refused.getByRole('textbox', { name: 'Reason' }).fill('sent by mistake');
  await refused.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('list', { name: 'What came of it' }).getByText('Discarded').waitFor();
});

test('a letter about money is discarded by two people', async () => {
  const { page } = await browser.signedIn(SUPERVISOR, '/dead-letters');
  const group = page.getByRole('region', { name: /^payments, MALFORMED/ });
  await group.getByRole('button', { name: 'Discard' }).click();
  await group.getByRole('textbox', { name: 'Reason' }).fill('sent again in whole cents');
  await group.getByRole('button', { name: 'Discard' }).click();
  await page.getByText('A second person has to approve it').first().waitFor();
  const second = await browser.signedIn(SECOND, '/approvals');
  const card = second.page.getByRole('article', { name: /LetterDiscarded/ });
  await card.getByText('sent again in whole cents').waitFor();
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText(/Nothing|No letter is open/).or(page.locator('main')).first().waitFor();
  await eventually(async () => assert.deepEqual([...(await stack.documents())].filter(([path, { kind, status }]) => path.startsWith('dead_letters/payments') && kind === 'MALFORMED' && status === 'OPEN'), []));
});

test('notes, assignment: written where the customer is, seen at once', async () => {
  const id = await registered('Sofia Kovalevskaya');
  const { page } = await browser.signedIn(OPERATOR, `/customers/${id}`);
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('textbox', { name: 'Note' }).fill('Called, will send the\nsecond page.');
  await page.getByRole('button', { name: 'Add note' }).click();
  await page.getByRole('region', { name: 'Notes and assignment' }).getByText('second page.').waitFor();
  await page.getByRole('button', { name: 'Assign' }).click();
  await page.getByRole('button', { name: 'Assign' }).click();
  await page.getByRole('region', { name: 'Notes and assignment' }).getByText(OPERATOR).first().waitFor();
  await become(`users/${id}`, 'assignedTo', OPERATOR);
});

test('a customer is found by id, by e-mail, by the beginning of a name, by status and by region', async () => {
  const id = await registered('Émilie du Châtelet', { region: 'Lorraine' });
  const { page } = await browser.signedIn(OPERATOR, '/customers');
  for (const [box, word] of [['Id, e-mail or beginning of the name', id], ['Id, e-mail or beginning of the name', `${id}@example.com`], ['Id, e-mail or beginning of the name', 'Émilie'], ['Region', 'Lorraine']]) {
    await page.getByRole('search').getByLabel(box).fill(word);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('rowheader', { name: 'Émilie du Châtelet' }).waitFor();
    assert.equal(await page.getByRole('rowheader').count(), 1, word);
    await page.getByRole('link', { name: 'All' }).click();
  }
  await page.getByRole('combobox', { name: 'Status' }).selectOption('PENDING');
  await page.waitForURL(/status=PENDING/);
  await page.getByRole('rowheader', { name: 'Émilie du Châtelet' }).waitFor();
});

test('markup in a customer\'s name is text', async () => {
  const name = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const id = await registered(name);
  const { page, complaints } = await browser.signedIn(OPERATOR, `/customers/${id}`);
  await page.getByRole('heading', { name, exact: true }).waitFor();
  assert.equal(await page.locator('main img, main script').count(), 0);
  assert.equal(await page.title(), 'Customer · Boma');
  assert.deepEqual(complaints, []);
});

test('a viewer sees no customer, and a link of such a view says so', async () => {
  const { page } = await browser.signedIn('viewer@boma.test', '/customers');
  await page.getByText('Customers\u2019 data is not for the role viewer').or(page.getByText('data is not for the role viewer')).first().waitFor();
  await page.getByRole('link', { name: 'Now', exact: true }).click();
  await page.getByRole('heading', { name: 'Now' }).waitFor();
});

test('a balance beyond 2^53 is shown to its last digit', async () => {
  const id = await registered('Srinivasa Ramanujan');
  const most = '90071992547409.91';
  for (const amount of [most, '0.02']) await published('payments', event('PaymentReceived', id, { transactionId: randomUUID(), amount, currency: 'CZK', method: 'TRANSFER' }));
  const { page } = await browser.signedIn(OPERATOR, `/customers/${id}`);
  await page.getByRole('region', { name: 'Balances' }).getByText('90\u202f071\u202f992\u202f547\u202f409.93').waitFor();
});

test('sixty transactions are read page by page, with their postings and by reference', async () => {
  const id = await registered('Georg Cantor');
  const payments = Array.from({ length: 60 }, (_, number) => ({ ...event('PaymentReceived', id, { transactionId: randomUUID(), amount: `${number + 1}.00`, currency: 'CZK', method: 'TRANSFER', reference: `bank-${number}` }), time: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString() }));
  await published('payments', ...payments);
  const { page } = await browser.signedIn(OPERATOR, `/customers/${id}`);
  const list = page.getByRole('region', { name: 'Transactions' });
  await list.getByText('60.00').first().waitFor();
  assert.equal(await list.locator('.transactions > li').count(), 50);
  await list.getByRole('button', { name: 'Next' }).click();
  await list.getByText(/^1\.00/).first().waitFor();
  assert.equal(await list.locator('.transactions > li').count(), 10);
  await list.getByRole('textbox', { name: /reference/ }).fill('bank-41');
  await list.getByRole('button', { name: 'Find' }).click();
  await list.getByText('42.00').first().waitFor();
  await list.locator('summary').click();
  await list.getByRole('rowheader', { name: 'external:TRANSFER' }).waitFor();
});
