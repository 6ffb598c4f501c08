// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/chain_model.hpp"

#include <algorithm>

namespace plimsoll::crash {

namespace {

rpc::SendAnswer refusal(rpc::ErrorClass meaning, const char* text) {
    return {meaning, {}, text};
}

/// At least 10 % more and strictly more, as go-ethereum's pool counts.
bool outbids(const Wei& offered, const Wei& held) {
    return offered > held && offered.raw() >= held.raw() * U256{110} / U256{100};
}

constexpr Gas kGasUsed{21'000};

}  // namespace

ChainModel::ChainModel()
    : base_fee_{to_wei(Gwei{10})}, balance_{to_wei(Gwei{1'000'000'000})}, lowest_rest_{balance_} {
    Block first;
    first.head.number = BlockNumber{100};
    first.head.hash.bytes[0] = 0xC0;
    first.head.base_fee = base_fee_;
    first.head.gas_limit = Gas{30'000'000};
    first.head.gas_used = Gas{15'000'000};
    blocks_.push_back(first);
}

rpc::SendAnswer ChainModel::take(BytesView raw) {
    const auto decoded = signer::decode_transaction(raw);
    if (!decoded) return refusal(rpc::ErrorClass::invalid_request, "invalid transaction");
    const signer::Transaction& fields = decoded->fields;
    if (fields.nonce < nonce_) return refusal(rpc::ErrorClass::nonce_too_low, "nonce too low");
    const auto held = pool_.find(fields.nonce);
    if (held != pool_.end()) {
        if (held->second.hash == decoded->hash)
            return refusal(rpc::ErrorClass::already_known, "already known");
        const signer::Transaction& rival = held->second.fields;
        if (!outbids(fields.max_fee_per_gas, rival.max_fee_per_gas) ||
            !outbids(fields.max_priority_fee_per_gas, rival.max_priority_fee_per_gas))
            return refusal(rpc::ErrorClass::replacement_underpriced, "replacement transaction underpriced");
    }
    pool_.insert_or_assign(fields.nonce, *decoded);
    note(*decoded, true);
    return {rpc::ErrorClass::none, decoded->hash, {}};
}

rpc::SendAnswer ChainModel::offer(BytesView raw) {
    const auto decoded = signer::decode_transaction(raw);
    if (!decoded) return refusal(rpc::ErrorClass::invalid_request, "invalid transaction");
    offers_[decoded->fields.nonce].push_back(*decoded);
    note(*decoded, false);
    return {rpc::ErrorClass::none, decoded->hash, {}};
}

/// It may land from now on.
void ChainModel::note(const signer::SignedTransaction& one, bool in_public) {
    taken_.push_back(one);
    const Nonce nonce = one.fields.nonce;
    const Wei ceiling = signer::ceiling_of(one.fields);
    ceilings_[nonce] = std::max(ceilings_[nonce], ceiling);
    if (!one.fields.data.empty()) {
        Seen& seen = seen_[nonce];
        if (!seen.at_all) seen.at_all = head().number;
        if (in_public && !seen.in_public) seen.in_public = head().number;
        call_ceilings_[nonce] = std::max(call_ceilings_[nonce], ceiling);
        lowest_rest_ = std::min(lowest_rest_, balance_ - std::min(balance_, at_stake(true)));
    }
    most_exposed_ = std::max(most_exposed_, paid_ + at_stake(false));
}

Wei ChainModel::at_stake(bool calls_only) const {
    Wei out;
    for (const auto& [nonce, ceiling] : calls_only ? call_ceilings_ : ceilings_) {
        if (nonce >= nonce_) out = out + ceiling;
    }
    return out;
}

/// The relay's bytes go before those of the pool, and older ones before newer ones: the worst case.
std::optional<signer::SignedTransaction> ChainModel::next_for_block(bool relay) const {
    const auto payable = [this](const signer::SignedTransaction& one) {
        return one.fields.max_fee_per_gas >= base_fee_;
    };
    const auto offers = offers_.find(nonce_);
    if (relay && offers != offers_.end()) {
        const auto oldest = std::ranges::find_if(offers->second, payable);
        if (oldest != offers->second.end()) return *oldest;
    }
    const auto next = pool_.find(nonce_);
    if (next == pool_.end() || !payable(next->second)) return std::nullopt;
    return next->second;
}

Head ChainModel::mine(std::size_t most, bool relay) {
    const Head& parent = blocks_.back().head;
    Block block;
    block.head = parent;
    block.head.number = parent.number.next();
    block.head.parent_hash = parent.hash;
    block.head.hash = Hash32::from_u256(U256{block.head.number.value});
    block.head.hash.bytes[0] = 0xC0;
    block.head.hash.bytes[1] = branch_;
    block.head.base_fee = base_fee_;
    while (block.transactions.size() < most) {
        const auto next = next_for_block(relay);
        if (!next) break;
        block.transactions.push_back(*next);
        pool_.erase(nonce_);
        nonce_ = nonce_.next();
        paid_ = paid_ + cost(kGasUsed, base_fee_);
        balance_ = balance_ - cost(kGasUsed, base_fee_);
    }
    blocks_.push_back(block);
    return block.head;
}

std::optional<Hash32> ChainModel::undo(bool keep) {
    if (blocks_.size() == 1) return std::nullopt;
    const Block gone = blocks_.back();
    blocks_.pop_back();
    ++branch_;
    for (const signer::SignedTransaction& one : gone.transactions) {
        nonce_ = std::min(nonce_, one.fields.nonce);
        paid_ = paid_ - cost(kGasUsed, gone.head.base_fee);
        balance_ = balance_ + cost(kGasUsed, gone.head.base_fee);
        if (keep) pool_.insert_or_assign(one.fields.nonce, one);
    }
    return gone.head.hash;
}

bool ChainModel::pooled(const Hash32& transaction) const {
    return std::any_of(pool_.begin(), pool_.end(),
                       [&](const auto& entry) { return entry.second.hash == transaction; });
}

std::optional<rpc::Receipt> ChainModel::receipt(const Hash32& transaction) const {
    for (const Block& block : blocks_) {
        for (const signer::SignedTransaction& one : block.transactions) {
            if (one.hash != transaction) continue;
            rpc::Receipt out;
            out.transaction_hash = transaction;
            out.block_hash = block.head.hash;
            out.block_number = block.head.number;
            out.succeeded = true;
            out.gas_used = kGasUsed;
            out.effective_gas_price = block.head.base_fee;
            return out;
        }
    }
    return std::nullopt;
}

Nonce ChainModel::pending() const {
    Nonce out = nonce_;
    while (pool_.contains(out))
        out = out.next();
    return out;
}

std::vector<signer::SignedTransaction> ChainModel::landed() const {
    std::vector<signer::SignedTransaction> out;
    for (const Block& block : blocks_)
        out.insert(out.end(), block.transactions.begin(), block.transactions.end());
    return out;
}

}  // namespace plimsoll::crash
