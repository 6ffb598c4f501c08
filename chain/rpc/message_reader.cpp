// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/message_reader.hpp"

#include "chain/primitives/hex.hpp"
#include "chain/rpc/json_values.hpp"
#include "chain/rpc/log_shapes.hpp"
#include "chain/rpc/retry_hint.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace plimsoll::rpc {

static_assert(kFramePadding >= simdjson::SIMDJSON_PADDING);

struct MessageReader::Parser {
    simdjson::ondemand::parser json;
    std::unique_ptr<LogShapes> shapes;  // from the first log on
    SubscriptionMessage known;          // written over and over, so that nothing is cleared between logs
};

namespace {

namespace json = simdjson::ondemand;

/// What an error carries beside its message. Revert data: a string in geth and anvil ("Reverted 0x…" in
/// Parity), `data.data` in Hardhat, `data.result` in Ganache. A time to wait: `data.rate.backoff_seconds` in
/// Infura, `data.backoff_seconds` in its older form.
void read_error_data(json::value& value, RequestError& out, int depth) {
    if (const auto text = json_values::plain_string(value)) {
        constexpr std::string_view kBefore = "Reverted ";
        std::string_view hex = *text;
        if (hex.starts_with(kBefore)) hex.remove_prefix(kBefore.size());
        if (!hex.starts_with("0x")) return;
        if (auto bytes = parse_hex(hex)) out.data = std::move(*bytes);
        return;
    }
    if (!json_values::token(value).empty() || depth == 0) return;
    json::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return;
    for (auto member : object) {
        std::string_view key;
        json::value item;
        if (member.unescaped_key().get(key) != simdjson::SUCCESS) return;
        if (member.value().get(item) != simdjson::SUCCESS) return;
        if (key == "data" || key == "result" || key == "rate") read_error_data(item, out, depth - 1);
        if (key == "backoff_seconds") out.retry_after = retry_hint::in_seconds(json_values::token(item));
    }
}

void take_error_field(std::string_view key, json::value& item, RequestError& out) {
    constexpr std::size_t kMaxMessage = 512;
    if (key == "code") {
        const std::string_view text = json_values::token(item);
        std::from_chars(text.data(), text.data() + text.size(), out.rpc_code);
    } else if (key == "message") {
        out.text = json_values::bounded_text(item, kMaxMessage);
    } else if (key == "data") {
        read_error_data(item, out, 2);
    }
}

/// An error object; Flashbots sends a plain string. Never fails: an unreadable error is an unknown one.
void read_error(json::value& value, RequestError& out) {
    constexpr std::size_t kMaxMessage = 512;
    json::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) {
        out.text = json_values::bounded_text(value, kMaxMessage);
        return;
    }
    for (auto member : object) {
        std::string_view key;
        json::value item;
        if (member.unescaped_key().get(key) != simdjson::SUCCESS) return;
        if (member.value().get(item) != simdjson::SUCCESS) return;
        take_error_field(key, item, out);
    }
}

/// What stands at the top of a message, as far as it was met.
struct Envelope {
    enum Seen : unsigned { id = 1, method = 2, result = 4, error = 8, params = 16 };
    unsigned seen = 0;
    std::optional<RequestId> request;  // a number; null and all else is nobody's
    bool decoded = true;  // false if the result came before its id, or params.result before the subscription
    bool well_formed = true;  // the result has the promised shape
    ReplyBody body;
    RequestError failure;  // also of a bare {"code":…,"message":…} without an envelope, as gateways send it
    std::optional<SubscriptionMessage> told;
};

/// What a second pass knows from the first.
struct Hints {
    std::optional<RequestId> request;
    std::optional<std::string_view> subscription;
};

void read_id(json::value& value, Envelope& out) {
    const std::string_view text = json_values::token(value);
    RequestId id = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, id);
    if (error == std::errc{} && stop == end && id != 0) out.request = id;
}

bool read_told(json::value& value, SubscriptionMessage& out) {
    switch (out.kind) {
        case SubscriptionKind::heads:
            return json_values::read(value, out.body.emplace<Header>());
        case SubscriptionKind::logs:
            return json_values::read(value, out.body.emplace<Log>());
        case SubscriptionKind::pending:
            if (!json_values::token(value).empty())
                return json_values::read(value, out.body.emplace<Hash32>());
            return json_values::read(value, out.body.emplace<PendingTransaction>());
        case SubscriptionKind::unknown:
            return true;
    }
    return false;
}

bool read_params(json::value& value, const MessageContext& context, const Hints& hints, Envelope& out) {
    json::object params;
    if (value.get_object().get(params) != simdjson::SUCCESS) return false;
    std::optional<std::string_view> subscription = hints.subscription;
    SubscriptionMessage& told = out.told.emplace();
    bool has_result = false;
    for (auto member : params) {
        std::string_view key;
        json::value item;
        if (member.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        if (member.value().get(item) != simdjson::SUCCESS) return false;
        if (key == "subscription") {
            subscription = json_values::plain_string(item);
            if (!subscription || !told.subscription.empty()) return false;
            told.subscription = *subscription;
        } else if (key == "result") {
            if (std::exchange(has_result, true)) return false;
            out.decoded = subscription.has_value();
            if (subscription) told.kind = context.kind_of(*subscription);
            if (subscription && !read_told(item, told)) return false;
        }
    }
    return has_result && !told.subscription.empty();
}

bool take_field(std::string_view key, json::value& item, const MessageContext& context, const Hints& hints,
                Envelope& out) {
    const auto first = [&out](Envelope::Seen field) {
        const bool fresh = (out.seen & field) == 0;
        out.seen |= field;
        return fresh;
    };
    if (key == "id") {
        read_id(item, out);
        return first(Envelope::id);
    }
    if (key == "result") {
        const std::optional<RequestId> id = out.request ? out.request : hints.request;
        const auto method = id ? context.method_of(*id) : std::nullopt;
        out.decoded = id.has_value();
        if (method) out.well_formed = json_values::read_result(item, reply_kind(*method), out.body);
        return first(Envelope::result);
    }
    if (key == "error") {
        if (json_values::is_null(item)) return true;  // beside a result, as JSON-RPC 1.0 servers send it
        read_error(item, out.failure);
        return first(Envelope::error);
    }
    if (key == "method") return first(Envelope::method);
    if (key == "params") return first(Envelope::params) && read_params(item, context, hints, out);
    take_error_field(key, item, out.failure);
    return true;
}

bool read_envelope(json::parser& parser, std::string_view frame, const MessageContext& context,
                   const Hints& hints, Envelope& out) {
    json::document document;
    json::object root;
    const auto status =
        parser.iterate(frame.data(), frame.size(), frame.size() + kFramePadding).get(document);
    if (status != simdjson::SUCCESS || document.get_object().get(root) != simdjson::SUCCESS) return false;
    for (auto member : root) {
        std::string_view key;
        json::value item;
        if (member.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        if (member.value().get(item) != simdjson::SUCCESS) return false;
        if (!take_field(key, item, context, hints, out)) return false;
        // A result of the wrong shape leaves the walk in its middle. The request is known, and that is all we
        // need.
        if (!out.well_formed) return true;
    }
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;  // and nothing behind it
}

Result<Message> to_message(Envelope&& envelope) {
    constexpr unsigned kAnswer = Envelope::result | Envelope::error;
    Result<Message> out;
    if ((envelope.seen & Envelope::method) != 0) {
        const bool notice = (envelope.seen & (Envelope::id | kAnswer)) == 0 && envelope.told;
        if (!notice) return fail(Errc::malformed_reply, "a method that is no notification");
        out->emplace<SubscriptionMessage>(std::move(*envelope.told));
        return out;
    }
    Reply& reply = std::get<Reply>(*out);
    reply.id = envelope.request.value_or(0);
    const bool bare_error = (envelope.seen & kAnswer) == 0 && !envelope.failure.text.empty();
    if ((envelope.seen & kAnswer) == Envelope::error || bare_error) {
        envelope.failure.meaning = classify(envelope.failure.rpc_code, envelope.failure.text);
        envelope.failure.code = to_errc(envelope.failure.meaning);
        if (!envelope.failure.retry_after)
            envelope.failure.retry_after = retry_hint::in_message(envelope.failure.text);
        reply.answer = tl::make_unexpected(std::move(envelope.failure));
    } else if ((envelope.seen & kAnswer) != Envelope::result || reply.id == 0) {
        return fail(Errc::malformed_reply, "neither a reply nor a notification");
    } else if (!envelope.well_formed) {
        RequestError wrong;
        wrong.code = Errc::malformed_reply;
        wrong.text = "a result of the wrong shape";
        reply.answer = tl::make_unexpected(std::move(wrong));
    } else {
        *reply.answer = std::move(envelope.body);
    }
    return out;
}

}  // namespace

MessageReader::MessageReader(std::size_t max_message)
    : parser_{std::make_unique<Parser>()}, max_message_{max_message} {}

MessageReader::~MessageReader() = default;

SubscriptionMessage* MessageReader::read_known(std::string_view frame, const MessageContext& context) {
    if (!parser_->shapes || frame.size() > max_message_) return nullptr;
    SubscriptionMessage& out = parser_->known;
    Log* log = std::get_if<Log>(&out.body);
    if (log == nullptr) log = &out.body.emplace<Log>();
    const LogShape* const shape = parser_->shapes->read(frame, *log);
    if (shape == nullptr) return nullptr;
    out.subscription = shape->subscription(frame);
    out.kind = context.kind_of(out.subscription);
    return out.kind == SubscriptionKind::logs ? &out : nullptr;
}

void MessageReader::learn(std::string_view frame, const SubscriptionMessage& told) {
    const Log* const log = std::get_if<Log>(&told.body);
    if (log == nullptr) return;
    if (!parser_->shapes) parser_->shapes = std::make_unique<LogShapes>();
    if (!parser_->shapes->wants(frame)) return;
    auto places = json_values::log_places(parser_->json, frame, frame.size() + kFramePadding);
    if (!places) return;
    places->subscription = {static_cast<std::uint32_t>(told.subscription.data() - frame.data()),
                            static_cast<std::uint32_t>(told.subscription.size())};
    parser_->shapes->learn(frame, *places, *log);
}

Result<Message> MessageReader::read(std::string_view frame, const MessageContext& context) {
    if (frame.size() > max_message_) return fail(Errc::malformed_reply, "a message above the size limit");
    Envelope envelope;
    Hints hints;
    bool good = read_envelope(parser_->json, frame, context, hints, envelope);
    if (good && !envelope.decoded) {
        // The keys came in an unusual order, so the first pass could not know what it was to decode.
        hints.request = envelope.request;
        if (envelope.told) hints.subscription = envelope.told->subscription;
        envelope = Envelope{};
        good = read_envelope(parser_->json, frame, context, hints, envelope);
    }
    if (!good) return fail(Errc::malformed_reply, "not a JSON-RPC message");
    if (envelope.told && envelope.seen == (Envelope::method | Envelope::params)) learn(frame, *envelope.told);
    return to_message(std::move(envelope));
}

}  // namespace plimsoll::rpc
