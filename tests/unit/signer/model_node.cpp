// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/signer/model_node.hpp"

#include "chain/fees/fee_quote.hpp"

#include <algorithm>
#include <iterator>

namespace plimsoll::signer {

namespace {

Head next_head(const Head& parent, std::uint8_t branch) {
    Head out = parent;
    out.number = parent.number.next();
    out.parent_hash = parent.hash;
    out.hash = Hash32::from_u256(U256{out.number.value});
    out.hash.bytes[0] = 0xB0;
    out.hash.bytes[1] = branch;
    return out;
}

}  // namespace

ModelNode::ModelNode() : base_fee_{to_wei(Gwei{10})} {
    Block first;
    first.head.number = BlockNumber{100};
    first.head.hash.bytes[0] = 0xB0;
    first.head.base_fee = base_fee_;
    first.head.gas_limit = Gas{30'000'000};
    first.head.gas_used = Gas{15'000'000};
    blocks_.push_back(first);
}

SendClass ModelNode::take(const AttemptRow& row) {
    if (pool_.contains(row.hash)) return SendClass::already_known;
    if (row.nonce < nonce_) return SendClass::nonce_too_low;
    const auto rival = std::find_if(pool_.begin(), pool_.end(),
                                    [&row](const auto& entry) { return entry.second.nonce == row.nonce; });
    if (rival != pool_.end()) {
        const fees::FeeQuote& held = rival->second.fee;
        const bool enough = row.fee.max_fee_per_gas >= fees::bumped(held.max_fee_per_gas) &&
                            row.fee.max_priority_fee_per_gas >= fees::bumped(held.max_priority_fee_per_gas);
        if (!enough) return SendClass::replacement_underpriced;
        pool_.erase(rival);
    }
    pool_[row.hash] = row;
    return SendClass::accepted;
}

Head ModelNode::mine(std::size_t most, std::uint32_t choice) {
    Block block;
    block.head = next_head(blocks_.back().head, branch_);
    block.head.base_fee = base_fee_;
    while (block.transactions.size() < most) {
        std::vector<AttemptRow> fitting;
        for (const auto& entry : pool_) {
            const bool pays = entry.second.fee.max_fee_per_gas >= base_fee_;
            if (entry.second.nonce == nonce_ && pays) fitting.push_back(entry.second);
        }
        if (fitting.empty()) break;
        block.transactions.push_back(fitting[choice % fitting.size()]);
        nonce_ = nonce_.next();
        std::erase_if(pool_, [this](const auto& entry) { return entry.second.nonce < nonce_; });
    }
    blocks_.push_back(block);
    return block.head;
}

std::optional<Hash32> ModelNode::undo(bool keep) {
    if (blocks_.size() == 1) return std::nullopt;
    const Block gone = blocks_.back();
    blocks_.pop_back();
    ++branch_;
    for (const AttemptRow& row : gone.transactions) {
        nonce_ = std::min(nonce_, row.nonce);
        if (keep) pool_[row.hash] = row;
    }
    return gone.head.hash;
}

void ModelNode::forget_one(std::uint32_t choice) {
    if (pool_.empty()) return;
    pool_.erase(std::next(pool_.begin(), static_cast<std::ptrdiff_t>(choice % pool_.size())));
}

Nonce ModelNode::latest(std::size_t lag) const {
    Nonce out = nonce_;
    const std::size_t first = blocks_.size() - std::min(lag, blocks_.size() - 1);
    for (std::size_t i = first; i < blocks_.size(); ++i) {
        for (const AttemptRow& row : blocks_[i].transactions)
            out = std::min(out, row.nonce);
    }
    return out;
}

bool ModelNode::succeeds(const AttemptRow& row, BlockNumber block) {
    if (row.purpose == Purpose::cancel) return true;
    return block <= row.last_block && row.hash.bytes[0] >= 25;  // one in ten loses the race for its account
}

std::optional<Receipt> ModelNode::receipt(const Hash32& transaction, std::size_t lag) const {
    const std::size_t known = blocks_.size() - std::min(lag, blocks_.size() - 1);
    for (std::size_t i = 0; i < known; ++i) {
        const Block& block = blocks_[i];
        for (const AttemptRow& row : block.transactions) {
            if (row.hash != transaction) continue;
            Receipt out;
            out.transaction_hash = transaction;
            out.block_hash = block.head.hash;
            out.block_number = block.head.number;
            out.success = succeeds(row, block.head.number);
            out.gas_used = Gas{100'000};
            return out;
        }
    }
    return std::nullopt;
}

Nonce ModelNode::pending() const {
    Nonce out = nonce_;
    const auto holds = [this](Nonce nonce) {
        return std::any_of(pool_.begin(), pool_.end(),
                           [nonce](const auto& entry) { return entry.second.nonce == nonce; });
    };
    while (holds(out))
        out = out.next();
    return out;
}

std::vector<AttemptRow> ModelNode::landed() const {
    std::vector<AttemptRow> out;
    for (const Block& block : blocks_)
        out.insert(out.end(), block.transactions.begin(), block.transactions.end());
    return out;
}

}  // namespace plimsoll::signer
