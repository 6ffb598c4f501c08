// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plimsoll::faults {

/// A folder of fresh certificates, made once by `make_certificates` and gone with the process.
[[nodiscard]] const std::string& certificates();

}  // namespace plimsoll::faults
