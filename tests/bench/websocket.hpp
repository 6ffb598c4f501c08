// SPDX-License-Identifier: Apache-2.0
// As much of RFC 6455 as a server in a benchmark needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::bench {

/// RFC 6455, 4.2.2: what proves that the peer read our key.
[[nodiscard]] std::string accept_key(std::string_view key);

/// A frame from a client: always masked (RFC 6455, 5.2).
struct ClientFrame {
    std::uint8_t opcode{};
    std::size_t header{};  // bytes, with the mask
    std::size_t size{};    // of what follows
};

/// The frame at the beginning of what was received, once all of it is there.
[[nodiscard]] std::optional<ClientFrame> client_frame(std::string_view bytes);

}  // namespace plimsoll::bench
