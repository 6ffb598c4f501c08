// SPDX-License-Identifier: Apache-2.0
// The JSON-RPC codec. Input: the shape that the open request wants, the kind of the subscription, how the
// bytes behind the frame look, then the frame.
#include "chain/rpc/error_dialects.hpp"
#include "chain/rpc/message_reader.hpp"
#include "tests/fuzz/input.hpp"

#include <array>
#include <cstring>
#include <memory>

namespace plimsoll::fuzz {
namespace {

using rpc::Message;
using rpc::Reply;
using rpc::SubscriptionMessage;

/// One method for each shape of a result; make_corpus.mjs knows their order.
constexpr std::array kMethods{rpc::Method::client_version,
                              rpc::Method::chain_id,
                              rpc::Method::call,
                              rpc::Method::send_raw_transaction,
                              rpc::Method::unsubscribe,
                              rpc::Method::block_by_hash,
                              rpc::Method::get_logs,
                              rpc::Method::transaction_receipt,
                              rpc::Method::syncing,
                              rpc::Method::send_bundle,
                              rpc::Method::call_bundle,
                              rpc::Method::fee_history,
                              rpc::Method::transaction_by_hash};

/// Every request has the same method, every subscription the same kind.
class FuzzContext final : public rpc::MessageContext {
  public:
    FuzzContext(std::uint8_t method, std::uint8_t kind) : method_{method}, kind_{kind} {}
    [[nodiscard]] std::optional<rpc::Method> method_of(rpc::RequestId) const override {
        if (method_ >= kMethods.size()) return std::nullopt;
        return kMethods.at(method_);
    }
    [[nodiscard]] rpc::SubscriptionKind kind_of(std::string_view) const override {
        return static_cast<rpc::SubscriptionKind>(kind_ % 8);
    }

  private:
    std::uint8_t method_;
    std::uint8_t kind_;
};

/// A frame in memory of exactly the promised size, so that the sanitizer sees every step beyond it.
class Frame {
  public:
    Frame(BytesView text, char filler)
        : size_{text.size()}, memory_{std::make_unique<char[]>(size_ + rpc::kFramePadding)} {
        if (!text.empty()) std::memcpy(memory_.get(), text.data(), size_);
        std::memset(memory_.get() + size_, filler, rpc::kFramePadding);
    }
    [[nodiscard]] std::string_view text() const { return {memory_.get(), size_}; }

  private:
    std::size_t size_;
    std::unique_ptr<char[]> memory_;
};

/// Whether anything in the message is taken for what a node said. JSON that breaks off in the middle of a
/// reply may be noticed as a result of the wrong shape or as no message at all, which comes to the same.
bool is_believed(const Result<Message>& message) {
    if (!message) return false;
    const auto* const reply = std::get_if<Reply>(&*message);
    return reply == nullptr || reply->answer || reply->answer.error().code != Errc::malformed_reply;
}

bool same_message(const Message& a, const Message& b) {
    if (a.index() != b.index()) return false;
    if (const auto* reply = std::get_if<Reply>(&a)) {
        const Reply& other = std::get<Reply>(b);
        return reply->id == other.id && reply->answer == other.answer;
    }
    const auto& told = std::get<SubscriptionMessage>(a);
    const auto& other = std::get<SubscriptionMessage>(b);
    return told.subscription == other.subscription && told.kind == other.kind && told.body == other.body;
}

void check_message(const Message& message, std::string_view frame) {
    if (const auto* told = std::get_if<SubscriptionMessage>(&message)) {
        const auto bytes = [](std::string_view text) {
            return BytesView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
        };
        require(lies_inside(bytes(told->subscription), bytes(frame)),
                "a subscription's id is a part of its frame");
        return;
    }
    const Reply& reply = std::get<Reply>(message);
    if (reply.answer) {
        require(reply.id != 0, "a result belongs to a request");
        return;
    }
    const rpc::RequestError& error = reply.answer.error();
    require(!rpc::to_string(error.meaning).empty(), "every class of errors has a name");
    require(error.text.size() <= 512, "a node's text is bounded");
    for (const char c : error.text)
        require(c >= ' ' && c <= '~', "a node's text is printable");
    if (error.code != Errc::malformed_reply)
        require(error.code == rpc::to_errc(error.meaning), "an error's kind follows from its class");
}

/// A log's notification teaches the reader its shape. What the shape then says of frames that differ a little
/// is what the parser says of them.
void check_shape(const SubscriptionMessage& told, BytesView text, const FuzzContext& context,
                 rpc::MessageReader& judge, std::size_t max_message) {
    if (!std::holds_alternative<Log>(told.body)) return;
    constexpr std::string_view kBytes{"0fFgA9\"\\}],: x\0\xff", 16};
    constexpr std::size_t kChanges = 24;
    rpc::MessageReader shaped{max_message};
    require(shaped.read(Frame{text, ' '}.text(), context).has_value(), "what was read is read again");
    Bytes changed{text.begin(), text.end()};
    std::size_t place = text.size();
    for (std::size_t i = 0; i <= kChanges; ++i) {
        const Frame frame{changed, '"'};
        if (const auto* const known = shaped.read_known(frame.text(), context)) {
            const auto judged = judge.read(frame.text(), context);
            require(judged.has_value(), "what is read by its shape is read by the parser");
            require(same_message(Message{*known}, *judged), "a shape says what the parser says");
        }
        // Every other change is taken back by the next one.
        if (i % 2 == 0) changed.assign(text.begin(), text.end());
        place = (place * 31 + text[place % text.size()] + i) % text.size();
        changed[place] = static_cast<std::uint8_t>(kBytes[(place + i) % kBytes.size()]);
    }
}

}  // namespace

void run(BytesView data) {
    constexpr std::size_t kMaxMessage = 1U << 16U;
    static rpc::MessageReader reader{kMaxMessage};
    // No closing brace: JSON that lacks its last one may take it from there.
    constexpr std::string_view kFillers{"\0 0\"{", 5};
    Input input{data};
    const std::uint8_t method = input.byte();
    const FuzzContext context{method, input.byte()};
    const char filler = kFillers[input.byte() % kFillers.size()];
    const BytesView text = input.rest();
    const Frame first{text, 'e'};
    const Frame second{text, filler};
    const auto message = reader.read(first.text(), context);
    const auto again = reader.read(second.text(), context);
    require(is_believed(message) == is_believed(again), "what stands behind a frame does not matter");
    if (message) check_message(*message, first.text());
    if (!is_believed(message)) return;
    require(text.size() <= kMaxMessage, "a message above the limit is refused");
    require(same_message(*message, *again), "what stands behind a frame does not change its meaning");
    const auto* const told = std::get_if<SubscriptionMessage>(&*message);
    if (told != nullptr) check_shape(*told, text, context, reader, kMaxMessage);
}

}  // namespace plimsoll::fuzz
