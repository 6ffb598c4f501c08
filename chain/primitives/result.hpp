// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace plimsoll {

/// What kind of thing the world did. The program's exit code and the retry policy hang on it, never on the
/// text.
enum class Errc {
    timed_out,
    disconnected,
    rpc_rejected,
    malformed_reply,
    malformed_input,
    reverted,
    wrong_chain,
    no_code,
    unproven,
    refused,
    nonce_conflict,
    underpriced,
    unfunded,
    limit_exceeded,
    not_found,
    config_invalid,
    key_unavailable,
    storage_failed,
};

[[nodiscard]] std::string_view to_string(Errc code) noexcept;

/// `context` says what was attempted, with ids and values; it never holds a secret.
struct Error {
    Errc code{};
    std::string context;
    friend bool operator==(const Error&, const Error&) = default;
};

template <class T = void>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string context) {
    return tl::unexpected<Error>{Error{code, std::move(context)}};
}

}  // namespace plimsoll

#define PLIMSOLL_CONCAT_(a, b) a##b
#define PLIMSOLL_CONCAT(a, b) PLIMSOLL_CONCAT_(a, b)

// `PLIMSOLL_TRY(auto head, parse_head(text));` declares `head` or returns the error.
#define PLIMSOLL_TRY_(tmp, decl, expr)                            \
    auto tmp = (expr);                                            \
    if (!tmp) return tl::make_unexpected(std::move(tmp).error()); \
    decl = *std::move(tmp)
#define PLIMSOLL_TRY(decl, expr) PLIMSOLL_TRY_(PLIMSOLL_CONCAT(plimsoll_try_, __LINE__), decl, expr)

// The same for a `Result<void>`.
#define PLIMSOLL_CHECK(expr)                           \
    if (auto plimsoll_check = (expr); !plimsoll_check) \
    return tl::make_unexpected(std::move(plimsoll_check).error())

#define PLIMSOLL_CO_TRY_(tmp, decl, expr)                            \
    auto tmp = (expr);                                               \
    if (!tmp) co_return tl::make_unexpected(std::move(tmp).error()); \
    decl = *std::move(tmp)
#define PLIMSOLL_CO_TRY(decl, expr) PLIMSOLL_CO_TRY_(PLIMSOLL_CONCAT(plimsoll_try_, __LINE__), decl, expr)

#define PLIMSOLL_CO_CHECK(expr)                        \
    if (auto plimsoll_check = (expr); !plimsoll_check) \
    co_return tl::make_unexpected(std::move(plimsoll_check).error())
