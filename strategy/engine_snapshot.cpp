// SPDX-License-Identifier: Apache-2.0
// The engine as bytes, and from bytes. What the next blocks tell anyway is not saved: second price sources,
// lenders' balances, what was said of whom. What an intent came to is the journal's business.
#include "strategy/engine_core.hpp"
#include "strategy/snapshot/envelope.hpp"
#include "strategy/snapshot/snapshot_reader.hpp"
#include "strategy/snapshot/snapshot_writer.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll::strategy {

namespace {
constexpr std::size_t kMostVenues = 1U << 10U;
constexpr std::size_t kMostName = 256;
constexpr std::size_t kMostIntermediates = 1U << 10U;
}  // namespace

/// What of the configuration decides what is in the books and which pools are known.
void Engine::Core::save_identity(SnapshotWriter& out) const {
    out.address(params_.uniswap.factory);
    out.address(params_.uniswap.quoter);
    out.address(params_.native_asset);
    out.amount(params_.pool_sample);
    out.length(params_.intermediates.size());
    for (const Address& token : params_.intermediates)
        out.address(token);
    out.length(venues_.size());
    for (const auto& venue : venues_)
        out.text(venue->name());
}

Result<void> Engine::Core::check_identity(SnapshotReader& in) const {
    bool same = in.address() == params_.uniswap.factory;
    same = in.address() == params_.uniswap.quoter && same;
    same = in.address() == params_.native_asset && same;
    same = in.amount<Usd>() == params_.pool_sample && same;
    std::vector<Address> intermediates(in.length(kMostIntermediates, sizeof(Address)));
    for (Address& token : intermediates)
        token = in.address();
    same = intermediates == params_.intermediates && same;
    std::vector<std::string> names(in.length(kMostVenues, 1));
    for (std::string& name : names)
        name = in.text(kMostName);
    PLIMSOLL_CHECK(in.check("configuration"));
    if (!same) return fail(Errc::config_invalid, "snapshot was made with other exit routes configured");
    const bool same_venues = std::equal(names.begin(), names.end(), venues_.begin(), venues_.end(),
                                        [](const std::string& a, const auto& b) { return a == b->name(); });
    if (!same_venues) return fail(Errc::config_invalid, "snapshot of other venues");
    return {};
}

Result<Bytes> Engine::Core::save() const {
    if (state_ != EngineState::ready) return fail(Errc::refused, "the markets are not known yet");
    SnapshotWriter out;
    save_identity(out);
    out.head(newest());
    for (const auto& venue : venues_)
        venue->save(out);
    routes_.save(out);
    flash_.save(out);
    gas_table_.save(out);
    return seal_snapshot(params_.chain, out.take());
}

Result<void> Engine::Core::load_parts(SnapshotReader& in, const Head& head) {
    for (const auto& venue : venues_)
        PLIMSOLL_CHECK(venue->load(in, head));
    routes_.load(in);
    flash_.load(in);
    gas_table_.load(in);
    PLIMSOLL_CHECK(in.finish("markets"));
    if (find_native_asset()) return {};
    return fail(Errc::config_invalid, "no market of the snapshot has the native asset");
}

Result<Head> Engine::Core::load(BytesView snapshot) {
    if (state_ == EngineState::ready || state_ == EngineState::stopped)
        return fail(Errc::refused, "a snapshot is taken up at the beginning only");
    PLIMSOLL_TRY(const BytesView content, open_snapshot(snapshot, params_.chain));
    SnapshotReader in{content};
    PLIMSOLL_CHECK(check_identity(in));
    const Head head = in.head();
    forget();
    queue_.clear();
    told_.clear();
    ledger_.forget_numbers();
    if (auto loaded = load_parts(in, head); !loaded) return tl::make_unexpected(std::move(loaded).error());
    pin_ = head;
    state_ = EngineState::bootstrapping;
    phase_ = Phase::following;
    applied_.assign(1, head);
    watch_ = complete_watch();
    watch_due_ = false;
    proof_ = Proof::due;
    for (Changes& changes : changes_)
        changes = Changes{};
    return head;
}

}  // namespace plimsoll::strategy
