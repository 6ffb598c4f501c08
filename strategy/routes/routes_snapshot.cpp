// SPDX-License-Identifier: Apache-2.0
// Routes and lenders as bytes.
#include "strategy/routes/flash_sources.hpp"
#include "strategy/routes/routes.hpp"

namespace plimsoll::strategy {

namespace {

constexpr unsigned kMostSampleBits = 240;
constexpr std::size_t kMostTokens = 1U << 12U;
constexpr std::size_t kTokenBytes = 20;

void save_tokens(std::span<const Address> tokens, SnapshotWriter& out) {
    out.length(tokens.size());
    for (const Address& token : tokens)
        out.address(token);
}

std::vector<Address> load_tokens(SnapshotReader& in) {
    std::vector<Address> out(in.length(kMostTokens, kTokenBytes));
    for (Address& token : out)
        token = in.address();
    return out;
}

}  // namespace

void Routes::save(SnapshotWriter& out) const {
    out.address(native_);
    out.length(assets_.size());
    for (const RouteAsset& asset : assets_) {
        out.address(asset.token);
        out.amount(asset.sample);
    }
    save_tokens(intermediates_, out);
    pools_.save(out);
}

void Routes::load(SnapshotReader& in) {
    native_ = in.address();
    lookups_.clear();
    asked_.clear();
    cursor_ = 0;
    reader_.reset();
    assets_.clear();
    std::size_t left = in.length(kMostTokens, kTokenBytes + sizeof(U256));
    for (; left != 0 && in.ok(); --left) {
        RouteAsset asset;
        asset.token = in.address();
        asset.sample = in.amount<TokenAmount>();
        // It is multiplied by a few powers of two when pools are compared with the quoter.
        if (asset.sample.raw().bit_width() > kMostSampleBits) in.reject("sample amount out of range");
        if (!assets_.empty() && !(assets_.back().token < asset.token)) in.reject("assets out of order");
        assets_.push_back(asset);
    }
    intermediates_ = load_tokens(in);
    pools_.load(in);
    started_ = started_reading_ = in.ok();
}

void FlashSources::save(SnapshotWriter& out) const {
    save_tokens(tokens_, out);
    out.boolean(collector_.has_value());
    if (collector_) out.address(*collector_);
}

void FlashSources::load(SnapshotReader& in) {
    start(load_tokens(in));
    asked_at_ = Hash32{};
    if (in.boolean()) collector_ = in.address();
}

}  // namespace plimsoll::strategy
