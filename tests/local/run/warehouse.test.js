// Whether the warehouse has every document as it is, by versions alone.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { warehouseOf } from '../../../local/run/warehouse.js';
import { change, startWarehouse } from '../../stack/warehouse.js';

const project = 'demo-test';
let warehouse;
before(async () => { warehouse = await startWarehouse({ project }); });
after(() => warehouse?.stop());

const TEN_S = Date.UTC(2026, 0, 5, 10) / 1000;
const document = (id, seconds, nanos = 0, collection = 'leads') => ({ collection, id, updateTime: { seconds: String(TEN_S + seconds), nanos } });

/** What is said of those documents. */
async function differing(documents, giveUpAfterMs = 0) {
  const one = warehouseOf({ project, warehouse });
  documents.forEach(one.note);
  return one.caughtUp({ giveUpAfterMs });
}

test('a document that is missing, older, deleted here or there differs; what has no table does not', async () => {
  await warehouse.insert('leads', [change('same', 1), change('older', 1), change('deleted-here', 1), change('deleted-there', 1), change('deleted-there', 1, {}, { deletedAtS: 2 })]);
  const same = [document('same', 1), document('older', 1), document('deleted-here', 1)];
  assert.equal(await differing([...same, document('x', 1, 0, 'mail'), document('users.notes', 1, 0, 'users.notes')]), 0);
  assert.equal(await differing([...same, document('missing', 1)]), 1);
  assert.equal(await differing([...same, document('deleted-there', 1)]), 1);
  assert.equal(await differing(same.slice(0, 2)), 1);
  assert.equal(await differing([same[0], same[2], document('older', 1, 1000)]), 1);
});

test('what comes late is waited for', async () => {
  const answer = differing(['same', 'older', 'deleted-here'].map((id) => document(id, 1)).concat(document('late', 3)), 10_000);
  await wait(400);
  await warehouse.insert('leads', [change('late', 3)]);
  assert.equal(await answer, 0);
});
