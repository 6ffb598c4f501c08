// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/event_codec.hpp"

#include "chain/codec/rlp_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <variant>

namespace plimsoll::testing {
namespace {

using codec::decode_event;
using codec::decode_logs;
using codec::encode_event;
using codec::encode_logs;

/// Random events that use the edges of every field.
class Events {
  public:
    explicit Events(std::uint64_t seed) : random_{seed} {}

    std::uint64_t number() {
        const std::uint64_t value = random_();
        return value % 4 == 0 ? 0 : value % 4 == 1 ? ~std::uint64_t{0} : value >> (value % 64);
    }
    std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
    std::uint16_t tiny() { return static_cast<std::uint16_t>(number()); }
    U256 big() { return U256::from_limbs({number(), number(), number(), number()}); }
    Hash32 hash() { return Hash32::from_u256(big()); }
    Address address() { return Address::from_word(hash()); }
    Bytes bytes(std::size_t most) {
        Bytes out(random_() % (most + 1));
        for (std::uint8_t& byte : out)
            byte = static_cast<std::uint8_t>(random_());
        return out;
    }

    Log log() {
        Log out;
        out.address = address();
        out.topic_count = static_cast<std::uint8_t>(random_() % 5);
        for (std::size_t i = 0; i < out.topic_count; ++i)
            out.topics[i] = hash();
        out.data = LogData{bytes(400)};
        out.block_number = BlockNumber{number()};
        out.block_hash = hash();
        out.transaction_hash = hash();
        out.transaction_index = small();
        out.index = small();
        out.removed = random_() % 2 == 0;
        return out;
    }
    std::vector<Log> logs() {
        std::vector<Log> out(random_() % 4);
        std::generate(out.begin(), out.end(), [this] { return log(); });
        return out;
    }

    Event event(std::size_t kind) {
        Event out{ReceiveTime{static_cast<std::int64_t>(number())}, tiny(), {}};
        switch (kind) {
            case 0:
                out.body = BlockStarted{head()};
                break;
            case 1:
                out.body = LogSeen{log()};
                break;
            case 2:
                out.body = BlockSealed{hash(), small()};
                break;
            case 3:
                out.body = BlockUndone{hash()};
                break;
            case 4:
                out.body = PendingTransaction{hash(), address(), address(), Wei{big()}, bytes(300)};
                break;
            case 5:
                out.body = ReadResult{number(), hash(), read_bytes()};
                break;
            case 6:
                out.body = Readiness::from_bits(static_cast<std::uint16_t>(random_() % 256));
                break;
            case 7:
                out.body = OutcomeSeen{outcome()};
                break;
            default:
                out.body = Tick{Timestamp{number()}};
                break;
        }
        return out;
    }

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  private:
    Head head() {
        return {hash(),     hash(),        BlockNumber{number()}, Timestamp{number()},
                Wei{big()}, Gas{number()}, Gas{number()}};
    }
    Result<Bytes> read_bytes() {
        if (random_() % 2 == 0) return bytes(500);
        const auto code = static_cast<Errc>(random_() % (static_cast<unsigned>(Errc::storage_failed) + 1));
        const Bytes text = bytes(60);
        return fail(code, std::string{text.begin(), text.end()});
    }
    Outcome outcome() {
        Outcome out;
        out.key = IntentKey{ChainId{number()}, tiny(), address()};
        out.intent_id = number();
        out.kind = static_cast<OutcomeKind>(random_() % (static_cast<unsigned>(OutcomeKind::refused) + 1));
        out.transaction_hash = hash();
        out.block_hash = hash();
        out.block_number = BlockNumber{number()};
        out.gas_used = Gas{number()};
        out.effective_gas_price = Wei{big()};
        out.logs = logs();
        return out;
    }

    std::mt19937_64 random_;
};

constexpr std::size_t kKinds = std::variant_size_v<decltype(Event::body)>;

TEST(EventCodec, CrossesEveryKindUnchanged) {
    Events events{41};
    for (int round = 0; round < 300; ++round) {
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
            const Event event = events.event(kind);
            ASSERT_EQ(event.body.index(), kind);
            const Result<Event> back = decode_event(encode_event(event));
            ASSERT_TRUE(back.has_value()) << back.error().context;
            ASSERT_EQ(*back, event);
        }
    }
}

TEST(EventCodec, RefusesTruncatedAndExtendedEvents) {
    Events events{42};
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        Bytes data = encode_event(events.event(kind));
        for (std::size_t size = 0; size < data.size(); ++size) {
            const Result<Event> cut = decode_event(BytesView{data}.first(size));
            ASSERT_FALSE(cut.has_value()) << kind << " cut to " << size;
            EXPECT_EQ(cut.error().code, Errc::malformed_input);
        }
        data.push_back(0);
        EXPECT_FALSE(decode_event(data).has_value());
    }
}

/// A flipped byte either fails or gives another event whose encoding is exactly the flipped bytes: nothing is
/// guessed.
TEST(EventCodec, ReadsMutatedEventsExactlyOrNotAtAll) {
    Events events{43};
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        const Event event = events.event(events.below(kKinds));
        Bytes data = encode_event(event);
        data[events.below(data.size())] ^= static_cast<std::uint8_t>(1 + events.below(255));
        const Result<Event> read = decode_event(data);
        if (read) {
            ASSERT_EQ(encode_event(*read), data);
            ASSERT_FALSE(*read == event);
        } else {
            ++refused;
        }
    }
    EXPECT_GT(refused, 1'000U);
}

Bytes list_of(std::initializer_list<std::uint64_t> values) {
    codec::RlpWriter out;
    out.begin_list();
    for (const std::uint64_t value : values)
        out.integer(value);
    return out.end_list().take();
}

TEST(EventCodec, RefusesOtherVersionsKindsAndRanges) {
    EXPECT_TRUE(decode_event(list_of({1, 5, 0, 8, 7})).has_value())
        << "version 1, time 5, source 0, Tick at 7";
    EXPECT_FALSE(decode_event(list_of({2, 5, 0, 8, 7})).has_value()) << "another version";
    EXPECT_FALSE(decode_event(list_of({1, 5, 0x10000, 8, 7})).has_value()) << "a source above 16 bits";
    EXPECT_FALSE(decode_event(list_of({1, 5, 0, 9, 7})).has_value()) << "no such kind";
    EXPECT_FALSE(decode_event(list_of({1, 5, 0, 8, 7, 7})).has_value()) << "one field too many";
    EXPECT_TRUE(decode_event(list_of({1, 5, 0, 6, 0xFF})).has_value());
    EXPECT_FALSE(decode_event(list_of({1, 5, 0, 6, 0x100})).has_value()) << "a reason nobody knows";
}

TEST(LogCodec, CrossesListsUnchanged) {
    Events events{44};
    for (int round = 0; round < 200; ++round) {
        const std::vector<Log> logs = events.logs();
        const auto back = decode_logs(encode_logs(logs));
        ASSERT_TRUE(back.has_value());
        ASSERT_EQ(*back, logs);
    }
    EXPECT_EQ(decode_logs(encode_logs({})), Result<std::vector<Log>>{std::vector<Log>{}});
}

TEST(LogCodec, RefusesTruncationAndAFifthTopic) {
    Events events{45};
    const Bytes data = encode_logs(std::vector<Log>{events.log(), events.log()});
    for (std::size_t size = 0; size < data.size(); ++size) {
        ASSERT_FALSE(decode_logs(BytesView{data}.first(size)).has_value());
    }
    codec::RlpWriter out;
    out.begin_list().integer(1U).begin_list().begin_list().address({}).begin_list();
    for (int i = 0; i < 5; ++i)
        out.hash({});
    out.end_list().bytes({}).integer(1U).hash({}).hash({}).integer(0U).integer(0U).integer(0U);
    out.end_list().end_list().end_list();
    const auto read = decode_logs(out.take());
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().context, "encoded logs: a log with more than four topics");
}

}  // namespace
}  // namespace plimsoll::testing
