// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/crash/trace.hpp"

#include <array>
#include <string_view>

namespace plimsoll::crash {

namespace {

std::string describe_one(const DiskOp& op) {
    constexpr std::array<std::string_view, 7> kNames{"write",  "truncate",   "sync",  "remove",
                                                     "rename", "sync names", "shared"};
    std::string out = std::string{kNames.at(static_cast<std::size_t>(op.kind))} + " " + op.name;
    if (op.kind == DiskOp::Kind::write) out += " " + std::to_string(op.bytes.size()) + " bytes";
    return out + " at " + std::to_string(op.offset);
}
std::string describe_one(const SentOp& op) {
    const auto decoded = signer::decode_transaction(op.raw);
    return std::string{op.relay ? "offer " : "send "} +
           (decoded ? "nonce " + std::to_string(decoded->fields.nonce.value) : "what is no transaction");
}
std::string describe_one(const MinedOp& op) {
    return "mine up to " + std::to_string(op.most) + (op.relay ? " with the relay" : "");
}
std::string describe_one(const UndoneOp& op) {
    return op.keep ? "undo a block" : "undo a block and forget it";
}
std::string describe_one(const BaseFeeOp& op) {
    return "base fee " + to_decimal(op.fee.raw());
}
std::string describe_one(const WantedOp& op) {
    return "want account " + std::to_string(op.account);
}

}  // namespace

std::string describe(const Event& event) {
    return std::visit([](const auto& one) { return describe_one(one); }, event);
}

void State::apply(const Event& event) {
    if (const auto* op = std::get_if<DiskOp>(&event)) {
        disk.apply(*op);
    } else if (const auto* sent = std::get_if<SentOp>(&event)) {
        static_cast<void>(sent->relay ? chain.offer(sent->raw) : chain.take(sent->raw));
    } else if (const auto* mined = std::get_if<MinedOp>(&event)) {
        chain.mine(mined->most, mined->relay);
    } else if (const auto* undone = std::get_if<UndoneOp>(&event)) {
        chain.undo(undone->keep);
    } else if (const auto* fee = std::get_if<BaseFeeOp>(&event)) {
        chain.set_base_fee(fee->fee);
    } else if (const auto* want = std::get_if<WantedOp>(&event)) {
        wanted.push_back(want->account);
    }
}

bool matters(const Event& event, Cut cut) {
    const auto* const op = std::get_if<DiskOp>(&event);
    if (op == nullptr) return true;
    const bool written = op->kind == DiskOp::Kind::write || op->kind == DiskOp::Kind::truncate;
    const bool synced = op->kind == DiskOp::Kind::sync || op->kind == DiskOp::Kind::sync_names;
    if (cut == Cut::killed) return !synced;
    if (cut == Cut::power) return synced;
    return written || synced || op->kind == DiskOp::Kind::remove || op->kind == DiskOp::Kind::rename;
}

}  // namespace plimsoll::crash
