// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>

namespace plimsoll::signer {

/// What a secret must not be.
template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

}  // namespace plimsoll::signer
