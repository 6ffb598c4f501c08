// SPDX-License-Identifier: Apache-2.0
// The ways in which nodes, relays, clocks and hosts fail a sender of transactions: 78 of them, each with its test or with the
// reason why it has none. A scenario whose answer is the feed's or an endpoint's has tests that carry its number: `s52_…` in
// GoogleTest, 's52: …' in node. `node tests/lint/catalogue.mjs` prints the table with the tests it finds.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Sources } from './sources.mjs';

const send = 'tests/unit/signer/scheduler_send_test.cpp';
const replace = 'tests/unit/signer/scheduler_replace_test.cpp';
const chain = 'tests/unit/signer/scheduler_chain_test.cpp';
const recovery = 'tests/unit/signer/scheduler_recovery_test.cpp';
const dialects = ['tests/unit/chain/rpc/error_dialects_test.cpp', 'ErrorDialects.NamesWhatNodesSay'];
const gate = 'tests/unit/signer/scheduler_gate_test.cpp';
const policy = 'tests/unit/signer/policy_test.cpp';
const health = 'tests/unit/chain/rpc/endpoint_health_test.cpp';
const keystore = 'tests/unit/signer/keys/keystore_test.cpp';

const crash = ['tests/faults/crash/crash_test.cpp', 'CrashEnumeration.s39_AtAnyPointOfAnyFlowNothingIsDoubledForgottenOrLeftBehind'];
const restore = 'tests/faults/crash/restore_test.cpp';

const numbered = { numbered: true };
const tests = (...named) => ({ tests: named });
/** Tests that carry its number, and these beside them. */
const both = (...named) => ({ tests: named, numbered: true });
/** It has no test: which machinery would answer it, and why that is not there. */
const none = (reason) => ({ reason });


/** [number, what happens, its tests or why it has none] */
export const catalogue = [
  [1, 'the same bytes again: "already known"', both(dialects, [send, 'SchedulerSend.s01_AlreadyKnownIsSuccess'])],
  [2, 'the same bytes again, in anvil\'s words and code', both(dialects)],
  [3, 'the same bytes again, in the words of other nodes; one of them ambiguous', both(dialects)],
  [4, 'nonce too low', tests(dialects, [send, 'SchedulerSend.s04_ANonceTooLowNeverLeadsToAnotherNonce'])],
  [5, 'nonce too low, in the words of other nodes', both(dialects, [send, 'SchedulerSend.s04_ANonceTooLowNeverLeadsToAnotherNonce'])],
  [6, 'a gap of nonces', both(dialects, [send, 'SchedulerSend.s06_ANonceTooHighWaitsForTheLowerOne'])],
  [7, 'a replacement that pays too little', both(dialects, [replace, 'SchedulerReplace.s07_ReplacementUnderpricedConsumesNoNonceAndIsRaisedAtTheNextHead'])],
  [8, 'a price below the node\'s least', both(dialects, [replace, 'SchedulerReplace.s08_UnderpricedIsRepricedOnceAtOnceAndThenPerHead'])],
  [9, 'a fee cap below the base fee', both(dialects, [send, 'SchedulerSend.s09_ABaseFeeAboveTheCapIsARefusal'])],
  [10, 'not enough Ether', both(dialects, [send, 'SchedulerSend.s10_AnEmptyPurseHoldsNewIntentsBackUntilASendIsTaken'])],
  [11, 'the node\'s own cap on fees', numbered],
  [12, 'more gas than a block or EIP-7825 allows', both(dialects, [policy, 'Policy.NoConfiguredLimitLiftsTheGasCapOfEip7825'])],
  [13, 'less gas than the bytes alone cost', both(dialects, [replace, 'SchedulerReplace.s12_BytesRefusedForGoodAreCancelled'])],
  [14, 'a full pool', both(dialects)],
  [15, 'limits on one account, or on one that delegated its code', both([gate, 'SchedulerGate.s15_ADelegatedKeyHasOneInFlight'])],
  [16, 'the address is reserved for blobs', numbered],
  [17, 'taken by the pool, then forgotten', tests([send, 'SchedulerSend.s17_WhatANodeTookAndForgotIsSentAgain'])],
  [18, 'a hash that is not ours', numbered],
  [19, 'no answer after the bytes were written', both([send, 'SchedulerSend.s19_AnUnknownAnswerMeansMaybeSentAndTheSameBytesAgain'])],
  [20, 'an error nobody knows', both(dialects, [send, 'SchedulerSend.s19_AnUnknownAnswerMeansMaybeSentAndTheSameBytesAgain'])],
  [21, 'another chain', both(dialects, ['tests/e2e/keeper/startup.test.mjs', 'another chain id: 76'])],
  [22, 'a revert told at the send', both(dialects, ['tests/unit/chain/rpc/message_reader_test.cpp', 'MessageReader.FindsRevertDataWhereverANodePutsIt'])],
  [23, 'bytes the node cannot decode', both(dialects, [replace, 'SchedulerReplace.s12_BytesRefusedForGoodAreCancelled'])],
  [24, 'a node that is not up to date', both([health, 'EndpointHealth.MostSeriousReasonStands'], [health, 'EndpointHealth.LagsByBlocksOrBySilence'])],
  [25, 'filtered by who or what it is for', numbered],
  [26, 'the original lands while its replacement is signed', tests([replace, 'SchedulerReplace.ABumpThatIsStillBeingPersistedIsNotSentAfterTheOriginalLanded'],
    [replace, 'SchedulerReplace.s26_EveryHashOfANonceIsWatchedAndAReplacedOneThatLandsIsOurSuccess'])],
  [27, 'the signer fails during a replacement', tests([gate, 'SchedulerSigner.s27_AFailedBumpLeavesTheOriginalLive'], [replace, 'SchedulerReplace.AReplacementThePolicyRefusesLeavesTheOriginalInPlace'])],
  [28, 'a replacement would exceed the cap', tests([replace, 'SchedulerReplace.s28_AtTheCapTheOldBytesAreSentAgainInstead'])],
  [29, 'our own transaction is reorganised out', tests([chain, 'SchedulerChain.s29_AReorganisedTransactionIsSentAgainByteForByte'])],
  [30, 'a reorganisation below what was final', numbered],
  [31, 'a log is taken back', numbered],
  [32, 'heads are skipped', numbered],
  [33, 'the head goes back', numbered],
  [34, 'the lowest nonce is stuck', tests([replace, 'SchedulerReplace.s34_AStuckLowestNonceIsBumpedInBothFieldsAtTheSameNonce'],
    [replace, 'SchedulerReplace.PastTheDeadlineAPossiblySentNonceIsConsumedByATransferToOurselves'])],
  [35, 'the base fee jumps', tests(['tests/unit/signer/fee_test.cpp', 'FeePolicy.AReplacementFollowsTheMarketUp'])],
  [36, 'somebody else uses the key', tests([chain, 'SchedulerChain.s36_ForeignUseOfANonceStopsTheKeyAndLosesTheIntent'])],
  [37, 'the pending nonce lags behind', both([gate, 'SchedulerChain.s37_APendingCountThatLagsGivesNoNonce'])],
  [38, 'a nonce that decreases behind a load balancer', both([gate, 'SchedulerChain.s38_ACountThatGoesBackIsNoError'], [recovery, 'Restarted.AChainThatIsBehindTheJournalIsWaitedFor'])],
  [39, 'a crash between the journal and the send', tests(['tests/unit/bot/journal/crash_test.cpp', 'Crash.BetweenPersistAndSendTheSameBytesAreSentAfterARestart'],
    ['tests/e2e/keeper/restart.test.mjs', 'what was persisted and never reached a node is sent again byte for byte'], crash)],
  [40, 'a crash between the send and its mark', tests([recovery, 'Restarted.s39_OpenRowsAreSentAgainByteForByteBeforeAnythingNew'], crash)],
  [41, 'a crash between the signature and the journal', tests([send, 'SchedulerSend.ASendFollowsOnlyThePersistedItDependsOn'],
    ['tests/unit/bot/journal/crash_test.cpp', 'Crash.NothingOfALaterIntentReusesADurableNonce'], crash)],
  [42, 'the journal is lost or an old one', tests([recovery, 'Restarted.s42_AJournalThatIsBehindTheChainStopsTheKey'], [restore, 'Restore.s42_LastMinutesJournalIsRefused'],
    [restore, 'Restore.s42_OfBothOnlyTheChainTells'], [restore, 'Restore.s42_WithTheOperatorsWordTheKeyGoesOnAboveAllThatWasUsed'],
    ['tests/e2e/keys/nonces.test.mjs', 's42: an old copy of the journal, of the witness, of both; and the way on with --adopt-nonce'])],
  [43, 'two processes with one key', tests(['tests/unit/bot/journal/sqlite_journal_test.cpp', 'JournalOpen.OneProcessHoldsIt'], ['tests/unit/bot/journal/witness_test.cpp', 'KeyLock.s43_TwoFoldersWithOneKeyCollide'],
    ['tests/e2e/keys/nonces.test.mjs', 's43: a second keeper with this folder or this key ends at once, and says what to do'])],
  [44, 'a relay refuses the signature of a request', both(['tests/unit/chain/rpc/message_reader_test.cpp', 'MessageReader.TakesErrorsInTheirOddForms'])],
  [45, 'a relay says yes and forwards nothing', numbered],
  [46, 'a relay says it has trouble inside', numbered],
  [47, 'a private transaction is not mined in time', numbered],
  [48, 'a relay cannot take back', numbered],
  [49, 'a relay\'s own count of nonces', numbered],
  [50, 'limits of bundles', numbered],
  [51, 'a relay masks fields', numbered],
  [52, 'too many requests', numbered],
  [53, 'the quota has ended', numbered],
  [54, 'too many requests at once on one socket', numbered],
  [55, 'a socket dies in silence', numbered],
  [56, 'a socket is closed', numbered],
  [57, 'a subscription overflows', numbered],
  [58, 'subscription ids of an earlier connection', numbered],
  [59, 'a notification before its subscription is confirmed', numbered],
  [60, 'limits of log queries', numbered],
  [61, 'a body that is no JSON', numbered],
  [62, 'hostile JSON', numbered],
  [63, 'a transaction larger than pools take', numbered],
  [64, 'a batch that fails in parts', numbered],
  [65, 'trouble with TLS', numbered],
  [66, 'stale answers', numbered],
  [67, 'events are missed during a reconnect', numbered],
  [68, 'the clock jumps', numbered],
  [69, 'a hostile keystore', tests([keystore, 'Keystore.RefusesHostileOnesAtOnce'])],
  [70, 'a wrong password', tests([keystore, 'Keystore.NoticesEveryChangedByte'], [keystore, 'Keystore.MakesOnesItCanOpen'])],
  [71, 'a keystore of another address', tests([keystore, 'Keystore.NoticesEveryChangedByte'])],
  [72, 'a key file that others may read', tests(['tests/unit/signer/keys/private_file_test.cpp', 'PrivateFile.IsRefusedWhenOthersMay'],
    ['tests/unit/signer/keys/private_file_test.cpp', 'PrivateFile.HasToBeOurs'], ['tests/unit/signer/keys/private_file_test.cpp', 'PrivateFile.IsNoLinkPipeOrFolder'])],
  [73, 'a remote signer is down', tests([gate, 'SchedulerSigner.s73_WhileNoSignatureComesIntentsWait'])],
  [74, 'a signer signs something else', tests([send, 'SchedulerSend.s74_AnotherTransactionFromTheSignerStopsTheKey'])],
  [75, 'a mistake asks for what may not be signed', tests([policy, 'Policy.RefusesEveryOtherCallWithItsReason'], [policy, 'Signing.WhatThePolicyRefusesIsNotSigned'])],
  [76, 'the disk is full', tests([send, 'SchedulerSend.s76_AFailedJournalStopsTheKeyAndNothingIsSent'], ['tests/unit/bot/journal/journal_thread_test.cpp', 'JournalThread.AfterAFailureNothingMoreIsWritten'],
    [restore, 'Disk.s76_ThatIsFullOrFailsToSyncStopsTheKeyAndNothingIsSent'])],
  [77, 'a key in a log or a crash dump', tests(['tests/unit/bot/logger_test.cpp', 'Logger.NeverShowsAnEndpointsSecret'], ['tests/unit/signer/keys/key_test.cpp', 'Key.WipesWhereTheSecretCameFrom'])],
  [78, 'money runs away in a war of fees', tests(['tests/unit/signer/fee_test.cpp', 'FeePolicy.NoReplacementLeadsAboveTheCap'],
    ['tests/unit/signer/policy_test.cpp', 'Policy.AnAbsurdFeeCapDoesNotOverflowTheSpendCheck'])],
];

export const scenarios = 78;
const isTestFile = (file) => file.startsWith('tests/') && /_test\.cpp$|\.test\.mjs$/.test(file);

/** Names of the tests in a file: "Suite.Name" in C++, the title in node. */
export function testsIn(file, text) {
  if (file.endsWith('.cpp')) {
    const declared = /^\s*(?:TEST(?:_F|_P)?|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\(\s*(\w+)\s*,\s*(\w+)/gm;
    return [...text.matchAll(declared)].map(([, suite, name]) => `${suite}.${name}`);
  }
  return [...text.matchAll(/^\s*test\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm)].map(([, , name]) => name.replaceAll("\\'", "'"));
}

/** Number → tests that carry it, as [file, name]. */
export function numberedTests(sources) {
  const found = new Map();
  for (const file of sources.files.filter(isTestFile)) {
    for (const name of testsIn(file, sources.text(file))) {
      for (const [, digits] of name.matchAll(file.endsWith('.cpp') ? /(?:\.|_|\b)s(\d\d)_/g : /\bs(\d\d):/g)) {
        const number = Number(digits);
        found.set(number, [...(found.get(number) ?? []), [file, name]]);
      }
    }
  }
  return found;
}

/** What is wrong with the table, as lines. */
export function checkCatalogue(sources, table = catalogue, count = scenarios) {
  const wrong = [];
  const carried = numberedTests(sources);
  for (let number = 1; number <= count; ++number) {
    if (table.filter(([own]) => own === number).length !== 1) wrong.push(`scenario ${number} stands ${table.filter(([own]) => own === number).length} times in the table`);
  }
  for (const [number, title, owner] of table) {
    if (number < 1 || number > count || !title) wrong.push(`scenario ${number}: no such number, or no title`);
    if (owner?.numbered && !carried.has(number)) wrong.push(`scenario ${number}, ${title}: no test carries s${number}`);
    if (!owner?.numbered && !owner?.tests?.length && !owner?.reason) wrong.push(`scenario ${number}, ${title}: neither a test nor a reason`);
    for (const [file, name] of owner?.tests ?? []) {
      if (!sources.files.includes(file)) wrong.push(`scenario ${number}: there is no ${file}`);
      else if (!testsIn(file, sources.text(file)).includes(name)) wrong.push(`scenario ${number}: no test ${name} in ${file}`);
    }
  }
  for (const [number, [[file, name]]] of carried) {
    if (number < 1 || number > count) wrong.push(`${file}: ${name} carries a number that no scenario has`);
  }
  return wrong;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sources = new Sources(join(fileURLToPath(new URL('.', import.meta.url)), '..', '..'));
  const carried = numberedTests(sources);
  for (const [number, title, owner] of catalogue) {
    const named = [...(owner.tests ?? []), ...(carried.get(number) ?? [])].map(([file, name]) => `\n      ${name} (${file})`).join('');
    console.log(`${String(number).padStart(2)}  ${title}: ${owner.reason ?? (named || '\n      MISSING')}`);
  }
}
