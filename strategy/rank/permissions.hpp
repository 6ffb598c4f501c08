// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chain/primitives/address.hpp"

#include <algorithm>
#include <vector>

namespace plimsoll::strategy {

/// An empty `allow` allows all; `deny` goes before it. A few hundred addresses at most.
struct AddressFilter {
    std::vector<Address> allow;
    std::vector<Address> deny;
    [[nodiscard]] bool permits(const Address& address) const {
        if (std::find(deny.begin(), deny.end(), address) != deny.end()) return false;
        return allow.empty() || std::find(allow.begin(), allow.end(), address) != allow.end();
    }
};

/// What may be seized and repaid, and whose positions may be touched.
struct Permissions {
    AddressFilter assets;
    AddressFilter accounts;
};

}  // namespace plimsoll::strategy
