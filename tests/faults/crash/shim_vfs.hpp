// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/faults/crash/disk.hpp"

#include <functional>

namespace plimsoll::crash {

/// The name under which the shim is known to SQLite. It passes everything on to SQLite's own files but for
/// syncs, which are told and not carried out: how durable something is, is the business of `Disk`.
inline constexpr const char* kShimVfs = "plimsoll-crash";

/// What the shim does with the operations of one process. One at a time; calls come on the journal's thread.
struct ShimObserver {
    std::function<void(DiskOp)> on_op;         // after it was carried out; may be empty
    std::function<int(const DiskOp&)> refuse;  // before: an SQLite error code, or 0; may be empty
};

/// Registers the shim at first use; the observer counts until the next call. Files are named
/// "journal/<name>".
void observe_files(ShimObserver observer);

}  // namespace plimsoll::crash
