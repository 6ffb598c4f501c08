// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/message_reader.hpp"

#include "chain/primitives/hex.hpp"
#include "tests/unit/chain/rpc/messages.hpp"
#include "tests/unit/chain/rpc/padded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plimsoll::rpc {
namespace {

std::string log_json(const std::string& extra = "") {
    return R"({"address":"0x)" + std::string(40, '1') + R"(","topics":[)" + word('c') +
           R"(],"data":"0x0102","blockHash":)" + word('a') + R"(,"blockNumber":"0x10","transactionHash":)" +
           word('d') + R"(,"transactionIndex":"0x0","logIndex":"0x2")" + extra + "}";
}

TEST(MessageReader, ReadsAReplyByTheMethodItAnswers) {
    const Reply reply = read_reply(R"({"jsonrpc":"2.0","id":1,"result":"0x7a69"})", Method::chain_id);
    EXPECT_EQ(reply.id, 1U);
    EXPECT_EQ(std::get<U256>(*reply.answer), U256{31337});
}

TEST(MessageReader, ReadsAResultThatStandsBeforeItsId) {
    const Reply reply = read_reply(R"({"result":"0x7a69","jsonrpc":"2.0","id":1})", Method::chain_id);
    EXPECT_EQ(std::get<U256>(*reply.answer), U256{31337});
    const Reply header = read_reply(R"({"result":)" + head_json() + R"(,"id":1})", Method::block_by_hash);
    EXPECT_EQ(std::get<Header>(*header.answer).head.number, BlockNumber{16});
}

TEST(MessageReader, ReadsNotifications) {
    const Padded head{notification("0xh", head_json())};
    MessageReader reader{kLimit};
    const OneRequest context;
    const Result<Message> message = reader.read(head.frame(), context);
    const auto& told = std::get<SubscriptionMessage>(message.value());
    const Head& seen = std::get<Header>(told.body).head;
    EXPECT_EQ(told.subscription, "0xh");
    EXPECT_EQ(to_string(seen.parent_hash), "0x" + std::string(64, 'b'));
    EXPECT_EQ(seen.base_fee, Wei{1'000'000'000});
    EXPECT_TRUE(std::get<Header>(told.body).has_bloom);

    const auto log =
        std::get<Log>(std::get<SubscriptionMessage>(read(notification("0xl", log_json())).value()).body);
    EXPECT_EQ(log.topic_count, 1);
    EXPECT_EQ(to_hex(log.data_view()), "0x0102");
    EXPECT_EQ(log.index, 2U);
    EXPECT_FALSE(log.removed);  // absent in geth's own example
    const std::string gone = log_json(R"(,"removed":true)");
    EXPECT_TRUE(
        std::get<Log>(std::get<SubscriptionMessage>(read(notification("0xl", gone)).value()).body).removed);
    const auto hash = std::get<SubscriptionMessage>(read(notification("0xp", word('e'))).value()).body;
    EXPECT_EQ(to_string(std::get<Hash32>(hash)), "0x" + std::string(64, 'e'));
}

TEST(MessageReader, ReadsPendingTransactions) {
    const auto transaction = [](const std::string& to, const std::string& more = "") {
        return notification(
            "0xp", R"({"blockHash":null,"blockNumber":null,"transactionIndex":null,"from":"0x)" +
                       std::string(40, '1') + R"(","gas":"0x5208","hash":)" + word('e') +
                       R"(,"input":"0x0102","nonce":"0x1","to":)" + to +
                       R"(,"value":"0xde0b6b3a7640000","accessList":[{"address":"0x"}])" + more + "}");
    };
    const auto body_of = [](const std::string& text) {
        return std::get<SubscriptionMessage>(read(text).value()).body;
    };
    const auto seen = std::get<PendingTransaction>(body_of(transaction("\"0x" + std::string(40, '2') + '"')));
    EXPECT_EQ(to_string(seen.hash), "0x" + std::string(64, 'e'));
    EXPECT_EQ(seen.from.bytes.front(), 0x11);
    EXPECT_EQ(seen.to.bytes.back(), 0x22);
    EXPECT_EQ(seen.value, Wei{1'000'000'000'000'000'000});
    EXPECT_EQ(seen.input, (Bytes{1, 2}));
    EXPECT_TRUE(std::get<PendingTransaction>(body_of(transaction("null"))).to.is_zero())
        << "makes a contract";
    EXPECT_FALSE(read(transaction("\"0x1234\"")).has_value());
    EXPECT_FALSE(read(transaction("null", R"(,"to":null)")).has_value());
    EXPECT_FALSE(read(notification("0xp", R"({"hash":)" + word('e') + "}")).has_value());
    EXPECT_FALSE(read(notification("0xp", "7")).has_value());
}

TEST(MessageReader, ReadsHowLongToWait) {
    const auto hint = [](const std::string& error) {
        return read_reply(R"({"id":1,"error":)" + error + "}", Method::call).answer.error().retry_after;
    };
    using std::chrono::milliseconds;
    EXPECT_EQ(
        hint(
            R"({"code":-32005,"message":"project ID request rate exceeded","data":{"rate":{"allowed_rps":50,)"
            R"("backoff_seconds":0,"current_rps":52.3},"see":"https://infura.io"}})"),
        milliseconds{0});
    EXPECT_EQ(hint(R"({"code":-32005,"message":"m","data":{"backoff_seconds":30.0}})"), milliseconds{30'000});
    EXPECT_EQ(hint(R"({"code":-32005,"message":"rate limited, try again in 4ms","data":null})"),
              milliseconds{4});
    EXPECT_EQ(hint(R"({"code":-32005,"message":"m","data":{"backoff_seconds":"soon"}})"), std::nullopt);
    EXPECT_EQ(hint(R"({"code":-32005,"message":"m","data":{"rate":{"rate":{"backoff_seconds":1}}}})"),
              std::nullopt);
}

TEST(MessageReader, ReadsWhetherANodeIsSyncing) {
    const auto syncing = [](const std::string& result) {
        return read_reply(R"({"id":1,"result":)" + result + "}", Method::syncing).answer;
    };
    EXPECT_EQ(std::get<bool>(*syncing("false")), false);
    EXPECT_EQ(std::get<bool>(
                  *syncing(R"({"startingBlock":"0x0","currentBlock":"0x50","highestBlock":"0x343c19"})")),
              true);
    EXPECT_EQ(std::get<bool>(*syncing(R"({"syncing":true,"status":{"a":1}})")), true);
    EXPECT_FALSE(syncing("7").has_value());
    EXPECT_FALSE(syncing("\"false\"").has_value());
}

TEST(MessageReader, ReadsAResultThatStandsBeforeItsSubscription) {
    const std::string text =
        R"({"method":"eth_subscription","params":{"result":)" + log_json() + R"(,"subscription":"0xl"}})";
    EXPECT_EQ(std::get<Log>(std::get<SubscriptionMessage>(read(text).value()).body).index, 2U);
}

TEST(MessageReader, LeavesAnUnknownSubscriptionUndecoded) {
    const auto told =
        std::get<SubscriptionMessage>(read(notification("0xother", R"({"any":["thing"]})")).value());
    EXPECT_EQ(told.kind, SubscriptionKind::unknown);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(told.body));
}

TEST(MessageReader, TellsANullFromAMissingResult) {
    const Reply none = read_reply(R"({"id":1,"result":null})", Method::transaction_receipt);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(*none.answer));
    EXPECT_FALSE(read(R"({"jsonrpc":"2.0","id":1})").has_value());
}

TEST(MessageReader, TellsATransactionInAPoolFromOneInABlock) {
    const std::string hash = "0x" + std::string(64, 'a');
    const auto placed = [&](const std::string& rest) {
        const Reply reply = read_reply(R"({"id":1,"result":{"hash":")" + hash + '"' + rest + "}}",
                                       Method::transaction_by_hash);
        return std::get<PlacedTransaction>(*reply.answer);
    };
    EXPECT_FALSE(placed("").in_block);
    EXPECT_FALSE(placed(R"(,"blockHash":null,"nonce":"0x1")").in_block);
    EXPECT_TRUE(placed(R"(,"blockHash":")" + hash + '"').in_block);
    EXPECT_EQ(to_string(placed("").transaction_hash), hash);
    EXPECT_FALSE(read_reply(R"({"id":1,"result":{"blockHash":null}})", Method::transaction_by_hash).answer);
}

TEST(MessageReader, FindsRevertDataWhereverANodePutsIt) {
    const std::string data = "0x08c379a0";
    for (const std::string& where :
         {"\"" + data + "\"", "\"Reverted " + data + "\"", R"({"message":"m","data":")" + data + "\"}",
          R"({"hash":"0x1","result":")" + data + "\"}"}) {
        const Reply reply =
            read_reply(R"({"id":1,"error":{"code":3,"message":"execution reverted","data":)" + where + "}}",
                       Method::call);
        ASSERT_FALSE(reply.answer) << where;
        EXPECT_EQ(reply.answer.error().meaning, ErrorClass::execution_reverted);
        EXPECT_EQ(to_hex(reply.answer.error().data), data) << where;
    }
}

TEST(MessageReader, RevertDataThatIsNoneIsLeftOut) {
    const std::vector<std::string> none{"Reverted ",   "Reverted",     "",       "0x",
                                        "Reverted 0x", "Reverted 0xz", "no 0x12"};
    for (const std::string& what : none) {
        const Reply reply = read_reply(
            R"({"id":1,"error":{"code":-32015,"message":"VM execution error.","data":")" + what + "\"}}",
            Method::call);
        ASSERT_FALSE(reply.answer) << what;
        EXPECT_TRUE(reply.answer.error().data.empty()) << what;
    }
}

TEST(MessageReader, TakesErrorsInTheirOddForms) {
    const Reply text = read_reply(R"({"id":1,"error":"error in signature check"})", Method::call);
    EXPECT_EQ(text.answer.error().text, "error in signature check");
    const Reply bare = std::get<Reply>(read(R"({"code":429,"message":"Too Many Requests"})").value());
    EXPECT_EQ(bare.id, 0U);
    EXPECT_EQ(bare.answer.error().meaning, ErrorClass::rate_limited);
    const Reply null_id =
        std::get<Reply>(read(R"({"id":null,"error":{"code":-32600,"message":"invalid request"}})").value());
    EXPECT_EQ(null_id.id, 0U);
    EXPECT_EQ(null_id.answer.error().meaning, ErrorClass::invalid_request);
    const Reply both = read_reply(R"({"id":1,"result":"0x1","error":null})", Method::chain_id);
    EXPECT_TRUE(both.answer.has_value());
}

TEST(MessageReader, PrintsForeignTextHarmlessly) {
    const Reply reply = read_reply(
        "{\"id\":1,\"error\":{\"code\":3,\"message\":\"a\\u0000\\u001b[31m\\u00e9b\"}}", Method::call);
    EXPECT_EQ(reply.answer.error().text.find_first_not_of("a?[31mb"), std::string::npos);
    const std::string huge(100'000, 'x');
    const Reply cut = read_reply(R"({"id":1,"error":{"code":3,"message":")" + huge + "\"}}", Method::call);
    EXPECT_LE(cut.answer.error().text.size(), 512U);
}

TEST(MessageReader, RefusesWhatIsNoMessage) {
    const std::vector<std::string> bad{
        "",
        " ",
        "{",
        "}",
        "[]",
        "null",
        "1",
        "\"text\"",
        "{}",
        "[{\"id\":1,\"result\":\"0x1\"}]",
        "<html>502</html>",
        R"({"id":1,"result":"0x1")",
        R"({"id":1,"result":"0x1"}})",
        R"({"id":1,"result":"0x1"}{"id":1})",
        R"({"id":1,"id":1,"result":"0x1"})",
        R"({"id":1,"result":"0x1","result":"0x2"})",
        R"({"id":"1","result":"0x1"})",
        R"({"id":1.0,"result":"0x1"})",
        R"({"id":1e0,"result":"0x1"})",
        R"({"id":-1,"result":"0x1"})",
        R"({"id":18446744073709551617,"result":"0x1"})",
        R"({"id":null,"result":"0x1"})",
        R"({"id":true,"result":"0x1"})",
        R"({"id":1,"method":"foo","params":[1]})",
        R"({"method":"eth_subscription"})",
        R"({"method":"eth_subscription","params":{}})",
        R"({"method":"eth_subscription","params":{"subscription":"0xh"}})",
        R"({"method":"eth_subscription","params":{"subscription":"0xh","result":{}}})",
        R"({"method":"eth_subscription","params":{"subscription":1,"result":{}}})",
        R"({"id":1 "result":"0x1"})",
        "{\"id\":1,\"result\":\"\xff\xfe\"}"};
    for (const std::string& text : bad)
        EXPECT_FALSE(read(text, OneRequest{1, Method::chain_id}).has_value()) << text;
}

TEST(MessageReader, RefusesQuantitiesThatAreNotStrict) {
    for (const char* value : {"\"0x\"", "\"0x01\"", "\"1\"", "1", "\"0xg\"", "\"0X1\"", "\"\"", "\" 0x1\"",
                              "\"0x1 \"", "true", "[]", "{}", "\"-0x1\"", "\"0x\\u0031\""}) {
        const Reply reply = read_reply(std::string{R"({"id":1,"result":)"} + value + "}", Method::chain_id);
        ASSERT_FALSE(reply.answer) << value;
        EXPECT_EQ(reply.answer.error().code, Errc::malformed_reply) << value;
        EXPECT_EQ(reply.id, 1U);
    }
    const std::string wide = R"({"id":1,"result":"0x1)" + std::string(64, '0') + "\"}";
    EXPECT_FALSE(read_reply(wide, Method::balance).answer);
}

TEST(MessageReader, ReadsTheFirstPercentileOfEachBlock) {
    const auto tips = [](const std::string& result) {
        return read_reply(R"({"id":1,"result":)" + result + "}", Method::fee_history).answer;
    };
    const auto good =
        tips(R"({"oldestBlock":"0x4","reward":[["0x3b9aca00","0x1"],["0x0"]],"gasUsedRatio":[0.5]})");
    ASSERT_TRUE(good);
    EXPECT_EQ(std::get<RecentTips>(*good),
              (RecentTips{{Wei{std::uint64_t{1'000'000'000}}, Wei{std::uint64_t{0}}}}));
    EXPECT_EQ(std::get<RecentTips>(*tips(R"({"reward":[]})")), RecentTips{});
    for (const char* bad : {"{}", "[]", R"({"reward":null})", R"({"reward":[[]]})", R"({"reward":["0x1"]})",
                            R"({"reward":[["1"]]})", R"({"reward":[[1]]})", R"({"reward":[],"reward":[]})"})
        EXPECT_FALSE(tips(bad)) << bad;
}

TEST(MessageReader, RefusesHeadsAndLogsThatAreNotWhole) {
    EXPECT_FALSE(read(notification("0xh", head_json("16"))));
    EXPECT_FALSE(read(notification("0xh", head_json("\"0x10000000000000000\""))));
    EXPECT_FALSE(read(notification("0xh", head_json("null"))));
    EXPECT_FALSE(read(notification("0xl", log_json(R"(,"logIndex":"0x2")"))));  // twice
    EXPECT_FALSE(read(notification("0xl", log_json(R"(,"removed":"yes")"))));
    std::string many = log_json();
    many.replace(
        many.find("[" + word('c') + "]"), 68,
        "[" + word('c') + "," + word('c') + "," + word('c') + "," + word('c') + "," + word('c') + "]");
    EXPECT_FALSE(read(notification("0xl", many)));
    for (const char* key :
         {"address", "topics", "data", "blockHash", "blockNumber", "transactionHash", "logIndex"}) {
        std::string text = log_json();
        text.replace(text.find(key), 1, "X");
        EXPECT_FALSE(read(notification("0xl", text))) << key;
    }
}

TEST(MessageReader, SurvivesDepthAndSize) {
    for (const char open : {'[', '{'}) {
        std::string bomb = R"({"id":1,"result":)";
        for (int i = 0; i < 200'000; ++i)
            bomb += open == '[' ? "[" : "{\"a\":";
        EXPECT_FALSE(read(bomb, OneRequest{1, Method::chain_id}).has_value() &&
                     read_reply(bomb, Method::chain_id).answer.has_value());
    }
    std::string deep =
        R"({"junk":)" + std::string(100'000, '[') + std::string(100'000, ']') + R"(,"id":1,"result":"0x1"})";
    const auto skipped = read(deep, OneRequest{1, Method::chain_id});
    ASSERT_TRUE(skipped) << "what nobody asked for is skipped, however deep";
    EXPECT_EQ(std::get<U256>(*std::get<Reply>(*skipped).answer), U256{1});
    EXPECT_EQ(read(R"({"id":1,"result":"0x)" + std::string(2 * kLimit, '0') + "\"}").error().code,
              Errc::malformed_reply);
}

TEST(MessageReader, GivesTheSameOnEveryPrefixAndMutationOrRefuses) {
    // Every cut and every single changed byte: no crash, and never a log that differs from the true one in
    // silence where the byte was structure.
    const std::string whole = notification("0xl", log_json());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read(whole.substr(0, size))) << size;
    std::size_t refused = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const char c : {'"', '}', ',', '\0', '\\', '\xff', '9'}) {
            std::string changed = whole;
            changed[i] = c;
            if (!read(changed)) ++refused;
        }
    }
    EXPECT_GT(refused, whole.size() * 3);
}

}  // namespace
}  // namespace plimsoll::rpc
