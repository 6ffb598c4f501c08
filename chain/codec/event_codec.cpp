// SPDX-License-Identifier: Apache-2.0
#include "chain/codec/event_codec.hpp"

#include "chain/codec/log_codec.hpp"
#include "chain/codec/rlp_reader.hpp"
#include "chain/codec/rlp_writer.hpp"

#include <bit>
#include <limits>
#include <string>
#include <variant>

namespace plimsoll::codec {

namespace {

constexpr std::uint64_t kEventVersion = 1;
constexpr auto kMaxErrc = static_cast<std::uint64_t>(Errc::storage_failed);
constexpr auto kMaxOutcome = static_cast<std::uint64_t>(OutcomeKind::refused);
constexpr std::uint64_t kReadinessBits = (std::uint64_t{2} << static_cast<unsigned>(NotReady::stopping)) - 1;

void write(RlpWriter& out, const BlockStarted& event) {
    const Head& head = event.head;
    out.hash(head.hash).hash(head.parent_hash).integer(head.number.value).integer(head.timestamp.value);
    out.integer(head.base_fee.raw()).integer(head.gas_used.value).integer(head.gas_limit.value);
}

void write(RlpWriter& out, const LogSeen& event) {
    write_log(out, event.log);
}

void write(RlpWriter& out, const BlockSealed& event) {
    out.hash(event.hash).integer(event.log_count);
}

void write(RlpWriter& out, const BlockUndone& event) {
    out.hash(event.hash);
}

void write(RlpWriter& out, const PendingTransaction& event) {
    out.hash(event.hash).address(event.from).address(event.to).integer(event.value.raw()).bytes(event.input);
}

void write(RlpWriter& out, const ReadResult& event) {
    out.integer(event.id).hash(event.block_hash).integer(event.bytes ? 1U : 0U);
    if (event.bytes) {
        out.bytes(*event.bytes);
        return;
    }
    out.integer(static_cast<std::uint64_t>(event.bytes.error().code)).text(event.bytes.error().context);
}

void write(RlpWriter& out, const Readiness& event) {
    out.integer(event.bits());
}

void write(RlpWriter& out, const OutcomeSeen& event) {
    const Outcome& outcome = event.outcome;
    out.integer(outcome.key.chain.value).integer(outcome.key.venue).address(outcome.key.account);
    out.integer(outcome.intent_id).integer(static_cast<std::uint64_t>(outcome.kind));
    out.hash(outcome.transaction_hash).hash(outcome.block_hash).integer(outcome.block_number.value);
    out.integer(outcome.gas_used.value).integer(outcome.effective_gas_price.raw());
    write_logs(out, outcome.logs);
}

void write(RlpWriter& out, const Tick& event) {
    out.integer(event.now.value);
}

void read(RlpReader& in, BlockStarted& event) {
    Head& head = event.head;
    head.hash = in.hash();
    head.parent_hash = in.hash();
    head.number = BlockNumber{in.u64()};
    head.timestamp = Timestamp{in.u64()};
    head.base_fee = Wei{in.integer()};
    head.gas_used = Gas{in.u64()};
    head.gas_limit = Gas{in.u64()};
}

void read(RlpReader& in, LogSeen& event) {
    event.log = read_log(in);
}

void read(RlpReader& in, BlockSealed& event) {
    event.hash = in.hash();
    event.log_count = static_cast<std::uint32_t>(in.bounded(std::numeric_limits<std::uint32_t>::max()));
}

void read(RlpReader& in, BlockUndone& event) {
    event.hash = in.hash();
}

void read(RlpReader& in, PendingTransaction& event) {
    event.hash = in.hash();
    event.from = in.address();
    event.to = in.address();
    event.value = Wei{in.integer()};
    const BytesView input = in.bytes();
    event.input.assign(input.begin(), input.end());
}

void read(RlpReader& in, ReadResult& event) {
    event.id = in.u64();
    event.block_hash = in.hash();
    if (in.boolean()) {
        const BytesView bytes = in.bytes();
        event.bytes = Bytes(bytes.begin(), bytes.end());
        return;
    }
    const auto code = static_cast<Errc>(in.bounded(kMaxErrc));
    event.bytes = fail(code, std::string{in.text()});
}

void read(RlpReader& in, Readiness& event) {
    event = Readiness::from_bits(static_cast<std::uint16_t>(in.bounded(kReadinessBits)));
}

void read(RlpReader& in, OutcomeSeen& event) {
    Outcome& outcome = event.outcome;
    outcome.key.chain = ChainId{in.u64()};
    outcome.key.venue = static_cast<VenueId>(in.bounded(std::numeric_limits<VenueId>::max()));
    outcome.key.account = in.address();
    outcome.intent_id = in.u64();
    outcome.kind = static_cast<OutcomeKind>(in.bounded(kMaxOutcome));
    outcome.transaction_hash = in.hash();
    outcome.block_hash = in.hash();
    outcome.block_number = BlockNumber{in.u64()};
    outcome.gas_used = Gas{in.u64()};
    outcome.effective_gas_price = Wei{in.integer()};
    outcome.logs = read_logs(in);
}

void read(RlpReader& in, Tick& event) {
    event.now = Timestamp{in.u64()};
}

using Body = decltype(Event::body);
static_assert(std::variant_size_v<Body> == 9,
              "another alternative needs its write, its read and a place at the end");

/// Reads the alternative whose position in the variant was written; the positions are part of the format.
template <std::size_t Index = 0>
void read_body(RlpReader& in, std::uint64_t wanted, Body& body) {
    if constexpr (Index < std::variant_size_v<Body>) {
        if (wanted == Index) {
            read(in, body.emplace<Index>());
            return;
        }
        read_body<Index + 1>(in, wanted, body);
    } else {
        in.reject("an unknown kind of event");
    }
}

}  // namespace

Bytes encode_event(const Event& event) {
    RlpWriter out;
    out.begin_list().integer(kEventVersion).integer(std::bit_cast<std::uint64_t>(event.received.nanoseconds));
    out.integer(event.source).integer(event.body.index());
    std::visit([&out](const auto& body) { write(out, body); }, event.body);
    return out.end_list().take();
}

Result<Event> decode_event(BytesView data) {
    RlpReader in{data};
    RlpReader fields = in.list();
    Event event;
    if (fields.u64() != kEventVersion) fields.reject("an unknown format version");
    event.received.nanoseconds = std::bit_cast<std::int64_t>(fields.u64());
    event.source = static_cast<SourceId>(fields.bounded(std::numeric_limits<SourceId>::max()));
    read_body(fields, fields.u64(), event.body);
    in.absorb(fields);
    PLIMSOLL_CHECK(in.finish("encoded event"));
    return event;
}

}  // namespace plimsoll::codec
