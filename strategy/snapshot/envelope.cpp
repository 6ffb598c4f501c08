// SPDX-License-Identifier: Apache-2.0
#include "strategy/snapshot/envelope.hpp"

#include "strategy/snapshot/checksum.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace plimsoll::strategy {

namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'P', 'L', 'I', 'M', 'S', 'N', 'A', 'P'};
constexpr std::size_t kChecksumBytes = 8;

}  // namespace

Bytes seal_snapshot(ChainId chain, BytesView content) {
    SnapshotWriter out;
    out.reserve(content.size() + 64);
    out.raw(kMagic);
    out.u32(kSnapshotVersion);
    out.count(chain);
    out.u64(content.size());
    out.raw(content);
    Bytes bytes = out.take();
    const std::uint64_t sum = checksum(bytes);
    for (unsigned i = 0; i < kChecksumBytes; ++i)
        bytes.push_back(static_cast<std::uint8_t>(sum >> (8U * i)));
    return bytes;
}

Result<BytesView> open_snapshot(BytesView bytes, ChainId chain) {
    SnapshotReader in{bytes};
    const BytesView magic = in.raw(kMagic.size());
    if (!std::equal(magic.begin(), magic.end(), kMagic.begin(), kMagic.end()))
        return fail(Errc::malformed_input, "this is no snapshot");
    const std::uint32_t version = in.u32();
    if (in.ok() && version != kSnapshotVersion) {
        return fail(Errc::malformed_input, "snapshot of version " + std::to_string(version) + ", not " +
                                               std::to_string(kSnapshotVersion));
    }
    const auto theirs = in.count<ChainId>();
    const std::uint64_t size = in.u64();
    const BytesView content = in.raw(size);
    const std::uint64_t sum = in.u64();
    PLIMSOLL_CHECK(in.finish("envelope"));
    if (sum != checksum(bytes.first(bytes.size() - kChecksumBytes)))
        return fail(Errc::malformed_input, "snapshot is damaged: its checksum differs");
    if (theirs != chain) {
        return fail(Errc::wrong_chain, "snapshot of chain " + std::to_string(theirs.value) + ", not " +
                                           std::to_string(chain.value));
    }
    return content;
}

}  // namespace plimsoll::strategy
