// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/result.hpp"
#include "signer/keys/secret_bytes.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace plimsoll::signer {

/// The content of a file that only we may read: a regular file, no symbolic link, ours, of mode 0600 or
/// stricter, of at most `limit` bytes. Errc::not_found if it cannot be opened, Errc::refused (with the
/// command that mends it) if others may read it or it is not ours, Errc::malformed_input if it is too large.
/// All is checked on the open file.
[[nodiscard]] Result<SecretBytes> read_private_file(const std::string& path, std::size_t limit);

/// Everything up to the end of an open descriptor, of at most `limit` bytes. Errc::not_found if it cannot be
/// read, Errc::malformed_input beyond the limit.
[[nodiscard]] Result<SecretBytes> read_descriptor(int descriptor, std::size_t limit);

/// A new file of mode 0600 that appears with its whole content, or not at all. Never replaces anything:
/// Errc::storage_failed if the name is taken or the file cannot be written.
[[nodiscard]] Result<void> write_private_file(const std::string& path, std::string_view content);

}  // namespace plimsoll::signer
