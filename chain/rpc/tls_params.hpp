// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plimsoll::rpc {

struct TlsParams {
    /// PEM file of the authorities that are believed; empty: those of the system. There is no way to believe
    /// anybody: a peer that cannot prove its name is refused.
    std::string ca_file;
};

}  // namespace plimsoll::rpc
