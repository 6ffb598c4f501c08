// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/chain_model.hpp"

namespace plimsoll::crash {

namespace {

rpc::SendAnswer refusal(rpc::ErrorClass meaning, const char* text) {
    return {meaning, {}, text};
}

/// At least 10 % more and strictly more, as go-ethereum's pool counts.
bool outbids(const Wei& offered, const Wei& held) {
    return offered > held && offered.raw() >= held.raw() * U256{110} / U256{100};
}

}  // namespace

ChainModel::ChainModel() : base_fee_{to_wei(Gwei{10})} {
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
    taken_.push_back(*decoded);
    return {rpc::ErrorClass::none, decoded->hash, {}};
}

Head ChainModel::mine(std::size_t most) {
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
        const auto next = pool_.find(nonce_);
        if (next == pool_.end() || next->second.fields.max_fee_per_gas < base_fee_) break;
        block.transactions.push_back(next->second);
        pool_.erase(next);
        nonce_ = nonce_.next();
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
        if (keep) pool_.insert_or_assign(one.fields.nonce, one);
    }
    return gone.head.hash;
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
            out.gas_used = Gas{21'000};
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
