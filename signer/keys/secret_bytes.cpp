// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/secret_bytes.hpp"

#include <openssl/crypto.h>
#include <string.h>

#include <utility>

namespace plimsoll::signer {

SecretBytes::SecretBytes(std::size_t size)
    : bytes_{size == 0 ? nullptr : new std::uint8_t[size]()}, size_{size}, capacity_{size} {}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_{std::move(other.bytes_)},
      size_{std::exchange(other.size_, 0)},
      capacity_{std::exchange(other.capacity_, 0)} {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
}

SecretBytes::~SecretBytes() {
    wipe();
}

void SecretBytes::wipe() noexcept {
    if (bytes_) explicit_bzero(bytes_.get(), capacity_);
}

std::string_view SecretBytes::reveal_text() const noexcept {
    return {reinterpret_cast<const char*>(bytes_.get()), size_};
}

void SecretBytes::shrink(std::size_t size) noexcept {
    if (size >= size_) return;
    explicit_bzero(bytes_.get() + size, size_ - size);
    size_ = size;
}

void SecretBytes::drop_line_end() noexcept {
    if (size_ != 0 && bytes_[size_ - 1] == '\n') shrink(size_ - 1);
    if (size_ != 0 && bytes_[size_ - 1] == '\r') shrink(size_ - 1);
}

bool same_secret(const SecretBytes& a, const SecretBytes& b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.reveal().data(), b.reveal().data(), a.size()) == 0;
}

}  // namespace plimsoll::signer
