// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bot/command.hpp"
#include "chain/primitives/result.hpp"
#include "signer/keys/secret.hpp"
#include "signer/keys/secret_bytes.hpp"

#include <string_view>

namespace plimsoll::bot {

/// Names of the two options that say where a secret is read from; without either, a terminal is asked.
struct SecretOptions {
    std::string_view file;        // "--password-file"
    std::string_view descriptor;  // "--password-fd"
};

/// A password of at most 1024 bytes: from a private file or an open descriptor (one line end at its end does
/// not belong to it), else typed at the terminal without being shown. Errc::refused where there is no
/// terminal or both options are given; otherwise as `read_private_file`.
[[nodiscard]] Result<signer::SecretBytes> read_password(const Invocation& invocation,
                                                        const SecretOptions& options,
                                                        std::string_view prompt);
/// The same for a password that will be needed again: not empty, and typed twice.
[[nodiscard]] Result<signer::SecretBytes> read_new_password(const Invocation& invocation,
                                                            const SecretOptions& options);
/// A private key as 64 hex digits, with or without "0x", from the same places.
[[nodiscard]] Result<signer::Secret> read_raw_key(const Invocation& invocation, const SecretOptions& options);

}  // namespace plimsoll::bot
