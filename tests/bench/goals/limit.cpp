// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/limit.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <simdjson.h>

#include <array>
#include <stdexcept>

namespace plimsoll::bench {

struct Limit::Parts {
    simdjson::dom::parser parser;
    secp256k1_context* curve = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
    std::array<unsigned char, 32> key{};
    std::array<unsigned char, 32> digest{};
};

Limit::Limit() : parts_{std::make_unique<Parts>()} {
    parts_->key.fill(0x5A);
}

Limit::~Limit() {
    secp256k1_context_destroy(parts_->curve);
}

void Limit::parse(const std::string& frame, std::size_t size) {
    const auto document = parts_->parser.parse(frame.data(), size, false);
    if (document.error() != simdjson::SUCCESS) throw std::runtime_error{"the frame is not JSON"};
}

void Limit::sign() {
    secp256k1_ecdsa_recoverable_signature signature;
    if (secp256k1_ecdsa_sign_recoverable(parts_->curve, &signature, parts_->digest.data(), parts_->key.data(),
                                         nullptr, nullptr) != 1)
        throw std::runtime_error{"no signature"};
    std::array<unsigned char, 64> bytes{};
    int recovery = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(parts_->curve, bytes.data(), &recovery,
                                                            &signature);
    std::copy_n(bytes.begin(), parts_->digest.size(), parts_->digest.begin());  // the next one differs
}

}  // namespace plimsoll::bench
