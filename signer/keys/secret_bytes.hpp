// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace plimsoll::signer {

/// Secret bytes of any length, such as a password: movable, never copied, never printed or compared, wiped
/// when they go. `reveal` is for the one call that needs them; nothing may keep what it returns.
class SecretBytes {
  public:
    /// `size` zeros, to be filled through `writable`.
    explicit SecretBytes(std::size_t size = 0);
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::span<std::uint8_t> writable() noexcept { return {bytes_.get(), size_}; }
    [[nodiscard]] std::span<const std::uint8_t> reveal() const noexcept { return {bytes_.get(), size_}; }
    /// The same as characters.
    [[nodiscard]] std::string_view reveal_text() const noexcept;
    /// Forgets and wipes all beyond the first `size` bytes.
    void shrink(std::size_t size) noexcept;
    /// Takes one line end off the end, as editors and `echo` put one into password files.
    void drop_line_end() noexcept;

  private:
    void wipe() noexcept;

    std::unique_ptr<std::uint8_t[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Whether both hold the same bytes; for a password that was typed twice.
[[nodiscard]] bool same_secret(const SecretBytes& a, const SecretBytes& b) noexcept;

}  // namespace plimsoll::signer
