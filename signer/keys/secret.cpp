// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/secret.hpp"

#include <string.h>

#include <algorithm>

namespace plimsoll::signer {

namespace {

// explicit_bzero, because a plain fill before the end of a lifetime may be optimised away.
void take(std::span<std::uint8_t, 32> from, std::span<std::uint8_t, 32> to) noexcept {
    std::copy(from.begin(), from.end(), to.begin());
    explicit_bzero(from.data(), from.size());
}

}  // namespace

Secret::Secret(std::span<std::uint8_t, 32> source) noexcept {
    take(source, bytes_);
}

Secret::Secret(Secret&& other) noexcept {
    take(other.bytes_, bytes_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) take(other.bytes_, bytes_);
    return *this;
}

Secret::~Secret() {
    explicit_bzero(bytes_.data(), bytes_.size());
}

}  // namespace plimsoll::signer
