// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/endpoint_small_chain.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace plimsoll::faults {
namespace {

constexpr std::size_t kNumberDigits = 16;

std::string hex(std::uint64_t value, const char* form) {
    std::array<char, 80> out{};
    std::snprintf(out.data(), out.size(), form, static_cast<unsigned long long>(value));
    return out.data();
}

}  // namespace

std::optional<std::uint64_t> quantity_in(const Asked& asked, const std::string& key) {
    const std::string before = '"' + key + "\":\"0x";
    const std::size_t at = asked.text.find(before);
    if (at == std::string::npos) return std::nullopt;
    return std::stoull(asked.text.substr(at + before.size(), kNumberDigits), nullptr, 16);
}

/// The block's number in the last digits; the first one tells the fork.
Hash32 SmallChain::hash_of(std::uint64_t block) const {
    Hash32 out;
    out.bytes.fill(block >= forked_at ? 0xF0 : 0xA0);
    for (std::size_t i = 0; i < 8; ++i)
        out.bytes[31 - i] = static_cast<std::uint8_t>(block >> (8 * i));
    return out;
}

std::string SmallChain::header(std::uint64_t block) const {
    return R"({"hash":")" + to_string(hash_of(block)) + R"(","parentHash":")" +
           to_string(hash_of(block - 1)) + R"(","number":")" + hex(block, "0x%llx") +
           R"(","timestamp":"0x1","gasUsed":"0x0","gasLimit":"0x1","logsBloom":null})";
}

Step SmallChain::logs(const Asked& asked) const {
    const std::uint64_t from = quantity_in(asked, "fromBlock").value_or(0);
    const std::uint64_t to = quantity_in(asked, "toBlock").value_or(0);
    if (refuse_logs) {
        if (auto refusal = refuse_logs(asked, from, to)) return *std::move(refusal);
    }
    // Of blocks it does not have yet it says nothing, as real nodes do.
    std::string out;
    for (std::uint64_t block = from; block <= std::min(to, head); ++block) {
        out += out.empty() ? "" : ",";
        out += R"({"address":"0x)" + std::string(40, '1') + R"(","topics":[],"data":"0x","blockHash":")" +
               to_string(hash_of(block)) + R"(","blockNumber":")" + hex(block, "0x%llx") +
               R"(","transactionHash":")" + to_string(hash_of(block)) +
               R"(","transactionIndex":"0x0","logIndex":"0x0"})";
    }
    return reply(asked, '[' + out + ']');
}

/// The one that a request names by hash or number, if this node has it.
std::optional<std::uint64_t> SmallChain::block_of(const Asked& asked) const {
    const std::size_t at =
        asked.text.find(asked.method == "eth_call" ? R"("blockHash":"0x)" : R"("params":["0x)");
    if (at == std::string::npos) return head;  // "latest"
    const std::size_t begin = asked.text.find("0x", at) + 2;
    const std::string digits = asked.text.substr(begin, asked.text.find('"', begin) - begin);
    const bool by_hash = digits.size() == 64;
    const std::uint64_t block =
        std::stoull(by_hash ? digits.substr(64 - kNumberDigits) : digits, nullptr, 16);
    if (block > head) return std::nullopt;
    if (by_hash && "0x" + digits != to_string(hash_of(block))) return std::nullopt;
    return block;
}

std::vector<Step> SmallChain::answer(const Asked& asked) const {
    if (instead) {
        if (auto steps = instead(asked)) return *std::move(steps);
    }
    if (asked.method == "eth_chainId") return {reply(asked, "\"0x7a69\"")};
    if (asked.method == "eth_syncing") return {reply(asked, "false")};
    if (asked.method == "eth_getLogs") return {logs(asked)};
    const std::optional<std::uint64_t> block = block_of(asked);
    if (asked.method == "eth_call") {
        if (!block) return {error(asked, -32000, "header not found")};
        // No Multicall3 here; every other call returns its block's number.
        const bool multicall = asked.text.find("0xca11bde0") != std::string::npos;
        return {reply(asked, multicall ? "\"0x\"" : '"' + hex(*block, "0x%064llx") + '"')};
    }
    return {reply(asked, block ? header(*block) : "null")};
}

}  // namespace plimsoll::faults
