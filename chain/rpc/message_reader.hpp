// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "chain/rpc/method.hpp"
#include "chain/rpc/reply.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace plimsoll::rpc {

/// A frame must be followed by so many readable bytes of any content.
inline constexpr std::size_t kFramePadding = 64;

/// A subscription's message; a pending transaction of which only the hash is told is a Hash32. The id is the
/// node's and points into the frame. Without a known subscription nothing is decoded and the body is
/// monostate.
struct SubscriptionMessage {
    std::string_view subscription;
    SubscriptionKind kind{};
    std::variant<std::monostate, Header, Log, PendingTransaction, Hash32> body;
};

/// A Reply with id 0 is an error that names no request.
using Message = std::variant<Reply, SubscriptionMessage>;

/// What the reader must know to decode a message while it walks over it.
class MessageContext {
  public:
    virtual ~MessageContext() = default;
    /// The method of an open request.
    [[nodiscard]] virtual std::optional<Method> method_of(RequestId id) const = 0;
    [[nodiscard]] virtual SubscriptionKind kind_of(std::string_view subscription) const = 0;
};

/// Reads JSON-RPC messages in one pass over the frame, without copying it. Outside bytes: nothing in them is
/// trusted, a known key may stand only once, and what nobody asked for is skipped whatever it is.
class MessageReader {
  public:
    /// Messages above `max_message` bytes are refused.
    explicit MessageReader(std::size_t max_message);
    MessageReader(const MessageReader&) = delete;
    MessageReader& operator=(const MessageReader&) = delete;
    ~MessageReader();

    /// Errc::malformed_reply for what is not a JSON-RPC message. A reply whose result has another shape than
    /// its method promises is a Reply with that error.
    [[nodiscard]] Result<Message> read(std::string_view frame, const MessageContext& context);

    /// A log's notification that differs from one that read() took in nothing but hex digits of its fields:
    /// what read() would say of it, at a fraction of the time. Lies in the reader until the next call.
    /// nullptr for every other frame, which is read()'s to judge.
    [[nodiscard]] SubscriptionMessage* read_known(std::string_view frame, const MessageContext& context);

  private:
    struct Parser;
    void learn(std::string_view frame, const SubscriptionMessage& told);

    std::unique_ptr<Parser> parser_;
    std::size_t max_message_;
};

}  // namespace plimsoll::rpc
