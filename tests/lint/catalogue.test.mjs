// SPDX-License-Identifier: Apache-2.0
// Every scenario of the catalogue has a test that exists, or a reason; and the check would notice otherwise.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { catalogue, checkCatalogue, numberedTests, scenarios } from './catalogue.mjs';
import { Sources } from './sources.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

test('all scenarios are in the table, each with a test that exists or a reason', () => {
  assert.deepEqual(checkCatalogue(new Sources(root)), []);
  assert.equal(catalogue.length, scenarios);
});

/** Sources that hold these texts and nothing else. */
function imagined(texts) {
  const sources = new Sources(root, Object.keys(texts));
  for (const [file, text] of Object.entries(texts)) sources.texts.set(file, text);
  return sources;
}

test('a number that is missing or stands twice is found', () => {
  const row = (number) => [number, 'title', { reason: 'why' }];
  const nothing = imagined({});
  assert.deepEqual(checkCatalogue(nothing, [row(1), row(2)], 2), []);
  assert.equal(checkCatalogue(nothing, [row(1)], 2).length, 1);
  assert.equal(checkCatalogue(nothing, [row(1), row(2), row(2)], 2).length, 1);
  assert.equal(checkCatalogue(nothing, [row(1), row(3)], 2).length, 2);
  assert.equal(checkCatalogue(nothing, [[1, 'title', {}]], 1).length, 1);
});

test('a test that does not exist, or only in a comment, is found', () => {
  const table = [[1, 'title', { tests: [['tests/a_test.cpp', 'Some.Name']] }]];
  assert.deepEqual(checkCatalogue(imagined({ 'tests/a_test.cpp': 'TEST(Some,\n     Name) {\n' }), table, 1), []);
  assert.equal(checkCatalogue(imagined({ 'tests/a_test.cpp': '// TEST(Some, Name)\nTEST(Some, NameOfAnother) {\n' }), table, 1).length, 1);
  assert.equal(checkCatalogue(imagined({ 'tests/b_test.cpp': 'TEST(Some, Name) {\n' }), table, 1).length, 1);
});

test('a scenario whose number no test carries is found', () => {
  const table = [[1, 'title', { reason: 'why' }], [2, 'title', { numbered: true }]];
  const check = (texts) => checkCatalogue(imagined(texts), table, 2).length;
  assert.equal(check({ 'tests/a_test.cpp': 'TEST_F(Catalogue, s02_comes) {\n' }), 0);
  assert.equal(check({ 'tests/a.test.mjs': "test('s02: it\\'s there', () => {\n" }), 0);
  assert.equal(check({ 'tests/a.test.mjs': "// test('s02: not there'\ntest('s2: nor this', () => {\n" }), 1);
  assert.equal(check({ 'chain/a_test.cpp': 'TEST(Catalogue, s02_not_among_tests) {\n' }), 1);
  assert.equal(check({ 'tests/a_test.cpp': 'TEST(Catalogue, s02_comes) {\nTEST(Catalogue, s03_nobody_asked_for) {\n' }), 1);
  assert.deepEqual(numberedTests(imagined({ 'tests/a_test.cpp': 'TEST(A, s02_b) {' })), new Map([[2, [['tests/a_test.cpp', 'A.s02_b']]]]));
});
