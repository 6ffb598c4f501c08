// SPDX-License-Identifier: Apache-2.0
#include "signer/keys/context.hpp"

#include <string.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <memory>
#include <stdexcept>

namespace plimsoll::signer {

namespace {

struct Destroy {
    void operator()(secp256k1_context* context) const noexcept { secp256k1_context_destroy(context); }
};
using Context = std::unique_ptr<secp256k1_context, Destroy>;

Context make_context() {
    Context context{secp256k1_context_create(SECP256K1_CONTEXT_NONE)};
    std::array<std::uint8_t, 32> seed{};
    const bool blinded = context != nullptr && fill_random(seed) &&
                         secp256k1_context_randomize(context.get(), seed.data()) == 1;
    explicit_bzero(seed.data(), seed.size());
    if (!blinded) throw std::runtime_error{"libsecp256k1: no blinded context"};
    return context;
}

}  // namespace

const secp256k1_context* curve_context() {
    static const Context context = make_context();
    return context.get();
}

bool fill_random(std::span<std::uint8_t> out) noexcept {
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

}  // namespace plimsoll::signer
