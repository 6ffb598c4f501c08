// SPDX-License-Identifier: Apache-2.0
#include "chain/feed/agreement.hpp"

namespace plimsoll::feed {
namespace {

Agreement::Why judge(const Agreement& counts, std::size_t elsewhere, bool contradicted) noexcept {
    if (counts.alive == 0) return Agreement::Why::none_alive;
    if (contradicted) return Agreement::Why::another_hash;
    if (counts.near_tip < (counts.alive + 1) / 2) return Agreement::Why::too_few;
    if (counts.near_tip <= elsewhere) return Agreement::Why::outvoted;
    return counts.alive == 1 ? Agreement::Why::alone : Agreement::Why::agreed;
}

}  // namespace

std::string_view to_string(Agreement::Why why) noexcept {
    switch (why) {
        case Agreement::Why::agreed:
            return "agreed";
        case Agreement::Why::alone:
            return "only one endpoint is alive";
        case Agreement::Why::none_alive:
            return "no endpoint is alive";
        case Agreement::Why::another_hash:
            return "an endpoint has another block at this height";
        case Agreement::Why::too_few:
            return "fewer than half of the endpoints are at the head";
        case Agreement::Why::outvoted:
            return "as many endpoints are on another chain";
    }
    return "unknown";
}

Agreement agreement(BlockNumber tip, std::span<const SourceStand> sources) noexcept {
    Agreement out;
    std::size_t elsewhere = 0;
    bool contradicted = false;
    for (const SourceStand& source : sources) {
        if (!source.alive) continue;
        ++out.alive;
        if (source.on == SourceStand::On::our_chain && source.number.next() >= tip) ++out.near_tip;
        if (source.on != SourceStand::On::elsewhere) continue;
        ++elsewhere;
        contradicted = contradicted || source.number >= tip;
    }
    out.why = judge(out, elsewhere, contradicted);
    return out;
}

}  // namespace plimsoll::feed
