// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/block.hpp"
#include "chain/primitives/bytes.hpp"
#include "chain/primitives/event.hpp"
#include "chain/primitives/fee_terms.hpp"
#include "chain/primitives/log.hpp"
#include "chain/primitives/result.hpp"
#include "chain/rpc/error_dialects.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace plimsoll::rpc {

using RequestId = std::uint64_t;

/// The 2048-bit log filter of a header (Ethereum yellow paper, 4.3.1).
using Bloom = std::array<std::uint8_t, 256>;

/// A header as a node tells it.
struct Header {
    Head head;
    Bloom bloom{};
    bool has_bloom{};
    FeeTerms fee_terms{};
    friend bool operator==(const Header&, const Header&) = default;
};

/// A mined transaction's receipt.
struct Receipt {
    Hash32 transaction_hash;
    Hash32 block_hash;
    BlockNumber block_number;
    std::uint32_t transaction_index{};
    bool succeeded{};
    Gas gas_used;
    Wei effective_gas_price;  // per gas
    std::vector<Log> logs;
    Wei l1_fee{};        // taken for the bytes by a chain of the OP stack, beside the gas
    Wei operator_fee{};  // taken for the work by one since Isthmus, likewise
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// Where a node has a transaction that it knows.
struct PlacedTransaction {
    Hash32 transaction_hash;
    bool in_block{};  // else in its pool
    friend bool operator==(const PlacedTransaction&, const PlacedTransaction&) = default;
};

/// What a builder says of a bundle that it took.
struct BundleTaken {
    std::optional<Hash32> bundle_hash;
    friend bool operator==(const BundleTaken&, const BundleTaken&) = default;
};

/// What a simulated bundle came to.
struct BundleSimulation {
    bool failed{};     // one of its transactions did
    std::string text;  // why; for people
    friend bool operator==(const BundleSimulation&, const BundleSimulation&) = default;
};

/// What the transactions of recent blocks tipped at one percentile, the oldest block first; zero for a block
/// without transactions.
struct RecentTips {
    std::vector<Wei> tips;
    friend bool operator==(const RecentTips&, const RecentTips&) = default;
};

/// A decoded result; monostate is `null`.
using ReplyBody =
    std::variant<std::monostate, U256, bool, Hash32, Bytes, std::string, Header, std::vector<Log>, Receipt,
                 BundleTaken, BundleSimulation, RecentTips, PlacedTransaction>;

/// Why a request has no result.
struct RequestError {
    Errc code{};
    ErrorClass meaning = ErrorClass::unknown;
    std::int64_t rpc_code{};                               // of the node's error object, or the HTTP status
    std::string text;                                      // the node's message, bounded and printable
    Bytes data;                                            // revert data, if any
    std::optional<std::chrono::milliseconds> retry_after;  // what the node wants us to wait
    friend bool operator==(const RequestError&, const RequestError&) = default;
};

using Answer = tl::expected<ReplyBody, RequestError>;

/// The answer to one of our requests.
struct Reply {
    RequestId id{};
    Answer answer;
};

enum class SubscriptionKind : std::uint8_t { unknown, heads, logs, pending };

/// What a subscription told.
struct Notification {
    SubscriptionKind kind{};
    std::uint32_t subscription{};  // as subscribe() returned it; unique in an Endpoint's life
    ReceiveTime received;
    std::variant<Header, Log, PendingTransaction> body;
};

}  // namespace plimsoll::rpc
