// SPDX-License-Identifier: Apache-2.0
// Notifications of logs that are compared with earlier ones instead of being parsed. The judge is the JSON
// parser: whatever is read without it, it reads to the same.
#include "chain/rpc/log_shape.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/rpc/message_reader.hpp"
#include "tests/unit/chain/rpc/padded.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::rpc {
namespace {

constexpr std::size_t kMaxMessage = 16384;

std::string quoted(std::size_t digits, char first) {
    std::string out = "\"0x";
    for (std::size_t i = 0; i < digits; ++i)
        out += i == 0 ? first : "0123456789abcdefABCDEF"[(5 * i + static_cast<std::size_t>(first)) % 22];
    return out + '"';
}

/// How a frame is written: lengths of what varies, and how many topics there are.
struct Form {
    std::size_t topics = 3;
    std::size_t data = 32;  // bytes
    std::size_t number = 7;
    std::size_t transaction_index = 2;
    std::size_t index = 3;
    std::string more = R"(,"removed":false)";
};

std::string frame_of(const Form& form, char first = '1') {
    std::string topics;
    for (std::size_t i = 0; i < form.topics; ++i)
        topics += (i == 0 ? "" : ",") + quoted(64, static_cast<char>(first + 1));
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0xl","result":{"address":)" +
           quoted(40, first) + R"(,"topics":[)" + topics + R"(],"data":)" + quoted(2 * form.data, first) +
           R"(,"blockNumber":)" + quoted(form.number, first) + R"(,"transactionHash":)" + quoted(64, first) +
           R"(, "transactionIndex" : )" + quoted(form.transaction_index, first) + R"(,"blockHash":)" +
           quoted(64, first) + R"(,"blockTimestamp":)" + quoted(8, first) + R"(,"logIndex":)" +
           quoted(form.index, first) + form.more + "}}}";
}

/// One reader that may know shapes, and the parser alone.
class Compared {
  public:
    /// What the shapes say is what the parser says; whether they said anything.
    bool known(const std::string& text) {
        const Padded padded{text};
        return known_in_place(padded.frame());
    }
    /// Of a frame with readable bytes behind it.
    bool known_in_place(std::string_view frame) {
        const SubscriptionMessage* const known = reader_.read_known(frame, context_);
        if (known == nullptr) return false;
        const Result<Message> judged = judge_.read(frame, context_);
        const auto* const told = judged ? std::get_if<SubscriptionMessage>(&*judged) : nullptr;
        if (told == nullptr) throw std::runtime_error{"the parser refuses " + std::string{frame}};
        const bool same = told->body == known->body && told->kind == known->kind &&
                          told->subscription == known->subscription &&
                          told->subscription.data() == known->subscription.data();
        if (!same) throw std::runtime_error{"the parser reads something else in " + std::string{frame}};
        return true;
    }
    bool learn(const std::string& frame) {
        const Padded padded{frame};
        return reader_.read(padded.frame(), context_).has_value();
    }
    OneRequest& context() { return context_; }

  private:
    OneRequest context_;
    MessageReader reader_{kMaxMessage};
    MessageReader judge_{kMaxMessage};
};

TEST(LogShape, ReadsWhatDiffersInDigitsOnly) {
    for (const Form& form :
         {Form{}, Form{0, 0, 1, 1, 1, ""}, Form{4, 33, 16, 8, 8, R"(,"removed":true)"},
          Form{1, 300, 7, 1, 2, R"(,"l1":"0x","odd":null,"at":"0x77","x":{"a":["0x1"]})"}}) {
        Compared both;
        EXPECT_FALSE(both.known(frame_of(form)));
        ASSERT_TRUE(both.learn(frame_of(form)));
        EXPECT_TRUE(both.known(frame_of(form)));
        EXPECT_TRUE(both.known(frame_of(form, '7')));
        EXPECT_TRUE(both.known(frame_of(form, 'A')));
    }
}

TEST(LogShape, ForgetsTheTopicsOfTheLogBefore) {
    Compared both;
    const std::string four = frame_of(Form{4, 32, 7, 1, 1, ""});
    const std::string one = frame_of(Form{1, 32, 7, 1, 1, ""});
    ASSERT_TRUE(both.learn(four));
    ASSERT_TRUE(both.learn(one));
    EXPECT_TRUE(both.known(four));
    EXPECT_TRUE(both.known(one));
}

/// The same frame with one digit for all.
std::string with_sevens(std::string frame) {
    for (std::size_t at = frame.find("\"0x"); at != frame.npos; at = frame.find("\"0x", at + 1)) {
        for (std::size_t i = at + 3; std::isxdigit(static_cast<unsigned char>(frame[i])) != 0; ++i)
            frame[i] = '7';
    }
    return frame;
}

TEST(LogShape, LeavesEverythingElseToTheParser) {
    Compared both;
    const std::string frame = with_sevens(frame_of(Form{1, 1, 7, 2, 3, ""}));
    ASSERT_TRUE(both.learn(frame));
    ASSERT_TRUE(both.known(frame));
    constexpr std::string_view kOthers{"09afAF/:@G`g\"\\{}[], tx\n\0\x80\xff", 25};
    std::size_t known = 0;
    std::string changed = frame + std::string(kFramePadding, '}');
    for (std::size_t i = 0; i < frame.size(); ++i) {
        for (const char c : kOthers) {
            if (c == frame[i]) continue;
            changed[i] = c;
            known += both.known_in_place(std::string_view{changed.data(), frame.size()}) ? 1U : 0U;
        }
        changed[i] = frame[i];
        EXPECT_FALSE(both.known(frame.substr(0, i) + frame.substr(i + 1)));
        EXPECT_FALSE(both.known(frame.substr(0, i) + '0' + frame.substr(i)));
    }
    // Six others are digits. No quantity of two digits and more that is read begins with a zero.
    constexpr std::size_t kDigits = 40 + 64 + 2 + 64 + 64 + 7 + 2 + 3 + 8;
    EXPECT_EQ(known, kDigits * 6 - 3);
}

RC_GTEST_PROP(LogShape, AnyEditsComeToWhatTheParserSays,
              (std::vector<std::pair<std::uint16_t, char>> edits)) {
    Compared both;
    RC_ASSERT(both.learn(frame_of({})));
    std::string frame = frame_of({}, '8');
    for (const auto& [place, c] : edits) {
        const std::size_t at = (place / 4U) % frame.size();
        if (place % 4U == 0) frame.erase(at, 1);
        if (place % 4U == 1) frame.insert(at, 1, c);
        if (place % 4U >= 2)
            frame[at] = "0123456789abcdefABCDEF\"\\,:{}"[static_cast<unsigned char>(c) % 28U];
    }
    static_cast<void>(both.known(frame));  // throws for what the parser does not say
    RC_SUCCEED();
}

TEST(LogShape, AsksForTheSubscriptionEachTime) {
    Compared both;
    const std::string frame = frame_of({});
    ASSERT_TRUE(both.learn(frame));
    ASSERT_TRUE(both.known(frame));
    both.context().logs = "0xother";
    EXPECT_FALSE(both.known(frame));
}

TEST(LogShape, KeepsTheFormsOfABusyMarket) {
    Compared both;
    std::vector<std::string> frames;
    for (std::size_t transaction = 1; transaction <= 3; ++transaction) {
        for (std::size_t index = 1; index <= 3; ++index) {
            for (const std::size_t data : {32U, 64U, 160U})
                frames.push_back(frame_of(Form{3, data, 7, transaction, index, ""}));
        }
    }
    for (int round = 0; round < 2; ++round) {
        for (const std::string& frame : frames)
            ASSERT_TRUE(both.learn(frame));
    }
    std::size_t known = 0;
    for (const std::string& frame : frames)
        known += both.known(frame) ? 1U : 0U;
    EXPECT_GE(known, frames.size() * 9 / 10);
}

TEST(LogShape, NewFormsComeInForOldOnes) {
    Compared both;
    std::string last;
    for (std::size_t kind = 0; kind < 40; ++kind) {  // all of one size
        last = frame_of(Form{3, 32, 7, 2, 3, ",\"k" + std::to_string(10 + kind) + "\":true"});
        ASSERT_TRUE(both.learn(last));
    }
    for (int i = 0; i < 8; ++i)
        ASSERT_TRUE(both.learn(last));
    EXPECT_TRUE(both.known(last));
}

TEST(LogShape, LongFramesAndOddBytesAreTheParsers) {
    for (const Form& form : {Form{3, 2048, 7, 1, 1, ""}, Form{3, 32, 7, 1, 1, ",\"x\":\"\u00e9\""}}) {
        Compared both;
        ASSERT_TRUE(both.learn(frame_of(form)));
        EXPECT_FALSE(both.known(frame_of(form)));
    }
}

/// Where the text behind `key` begins; found by looking for it.
TextPlace place(const std::string& frame, const std::string& key) {
    const std::size_t colon = frame.find('"' + key + '"');
    const std::size_t open = frame.find("\"0x", colon) + 1;
    return {static_cast<std::uint32_t>(open), static_cast<std::uint32_t>(frame.find('"', open) - open)};
}

TEST(LogShape, ReadsAlikeWithAndWithoutAvx2) {
    const std::string text = frame_of(Form{1, 37, 7, 2, 3, ""});
    LogPlaces places{place(text, "subscription"),
                     place(text, "address"),
                     {},
                     1,
                     place(text, "data"),
                     place(text, "blockHash"),
                     place(text, "transactionHash"),
                     place(text, "blockNumber"),
                     place(text, "transactionIndex"),
                     place(text, "logIndex"),
                     {place(text, "blockTimestamp")}};
    places.topics[0] = place(text, "topics");
    MessageReader reader{kMaxMessage};
    const OneRequest context;
    const Padded padded{text};
    const auto message = reader.read(padded.frame(), context);
    const Log log = std::get<Log>(std::get<SubscriptionMessage>(message.value()).body);
    const auto shape = LogShape::of(padded.frame(), places, log);
    ASSERT_TRUE(shape);
    EXPECT_EQ(shape->subscription(padded.frame()), "0xl");
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : std::string_view{"09afAFgG/:@`\x80\xff\"", 15}) {
            std::string changed = text;
            changed[i] = c;
            const Padded frame{changed};
            Log wide;
            Log plain;
            const bool good = shape->read_plainly(frame.frame(), plain);
            ASSERT_EQ(shape->read(frame.frame(), wide), good) << changed;
            ASSERT_TRUE(!good || wide == plain) << changed;
        }
    }
    places.data.size = 3;
    EXPECT_FALSE(LogShape::of(padded.frame(), places, log));
}

}  // namespace
}  // namespace plimsoll::rpc
