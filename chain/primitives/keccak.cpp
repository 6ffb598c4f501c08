// SPDX-License-Identifier: Apache-2.0
#include "chain/primitives/keccak.hpp"

#include "chain/primitives/keccak_beside.hpp"
#include "chain/primitives/keccak_kernels.hpp"

#include <algorithm>
#include <cassert>

namespace plimsoll {

namespace {

using keccak_detail::kRate;

/// A message's last block: what is left of it, the padding and the closing bit.
class LastBlock {
  public:
    explicit LastBlock(BytesView rest) noexcept {
        std::copy(rest.begin(), rest.end(), bytes_.begin());
        bytes_[rest.size()] = 0x01;
        bytes_.back() |= 0x80;
    }
    [[nodiscard]] keccak_kernels::Blocks begin() const noexcept { return bytes_.data(); }

  private:
    std::array<std::uint8_t, kRate> bytes_{};
};

const keccak_kernels::Kernel& quickest() noexcept {
    static const keccak_kernels::Kernel& found = keccak_kernels::runnable().front();
    return found;
}

Hash32 absorb_rest(keccak_detail::State state, BytesView rest) noexcept {
    const auto& kernel = quickest();
    const std::size_t blocks = rest.size() / kRate;
    kernel.absorb(state, rest.data(), blocks);
    const LastBlock last{rest.subspan(blocks * kRate)};
    kernel.absorb(state, last.begin(), 1);
    return keccak_detail::squeezed(state);
}

}  // namespace

Hash32 keccak_detail::hash_now(BytesView data) noexcept {
    return absorb_rest({}, data);
}

Hash32 keccak256_beside(BytesView message, BytesView beginning, KeccakStart& start) noexcept {
    const auto& kernel = quickest();
    const std::size_t blocks = message.size() / kRate;
    const std::size_t others = beginning.size() / kRate;
    const std::size_t common = std::min(blocks, others);
    keccak_detail::State state{};
    kernel.absorb_two(state, message.data(), start.state, beginning.data(), common);
    start.blocks = common;
    const BytesView rest = message.subspan(common * kRate);
    if (common < blocks || common == others) return absorb_rest(state, rest);
    const LastBlock last{rest};
    kernel.absorb_two(state, last.begin(), start.state, beginning.data() + start.bytes(), 1);
    ++start.blocks;
    return keccak_detail::squeezed(state);
}

Hash32 keccak256_from(const KeccakStart& start, BytesView message) noexcept {
    assert(message.size() >= start.bytes());
    return absorb_rest(start.state, message.subspan(start.bytes()));
}

}  // namespace plimsoll
