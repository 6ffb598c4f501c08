// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/feed_node.hpp"

#include "chain/primitives/hex.hpp"

#include <algorithm>
#include <utility>

namespace plimsoll::faults {
namespace {

/// The string parameter behind this text in a request.
std::string after(const std::string& text, const std::string& what) {
    const std::size_t at = text.find(what);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + what.size();
    return text.substr(begin, text.find('"', begin) - begin);
}

std::string notification(const std::string& id, const std::string& result) {
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")" + id +
           R"(","result":)" + result + "}}";
}

}  // namespace

FeedNode::FeedNode(async::asio::any_io_executor executor, const ModelChain& chain)
    : chain_{chain}, newest_{chain.tip().head().hash}, node_{std::move(executor), [this](const Asked& asked) {
                                                                 return answer(asked);
                                                             }} {}

std::vector<Step> FeedNode::answer(const Asked& asked) {
    if (instead) {
        if (auto steps = instead(asked)) return *std::move(steps);
    }
    std::vector<Step> out;
    if (delay.count() > 0) out.push_back(wait(delay));
    const std::string result = result_of(asked);
    out.push_back(result.empty() ? error(asked, -32601, "the method does not exist") : reply(asked, result));
    return out;
}

std::string FeedNode::result_of(const Asked& asked) {
    if (asked.method == "eth_chainId") return "\"0x7a69\"";
    if (asked.method == "eth_subscribe") return '"' + reserve_subscription(asked) + '"';
    if (asked.method == "eth_unsubscribe") return "true";
    if (asked.method == "eth_getLogs") return logs_of(asked);
    if (asked.method == "eth_getBlockByHash" || asked.method == "eth_getBlockByNumber")
        return block_of(asked);
    return {};
}

std::string FeedNode::reserve_subscription(const Asked& asked) {
    forget_dead();
    Subscription fresh;
    fresh.id = "0x" + std::to_string(next_id_++);
    fresh.connection = asked.connection;
    if (asked.text.find("newHeads") != std::string::npos) fresh.kind = Kind::heads;
    if (asked.text.find("ending") != std::string::npos) fresh.kind = Kind::pending;
    subscriptions_.push_back(fresh);
    return fresh.id;
}

std::string FeedNode::block_of(const Asked& asked) const {
    const std::string what = after(asked.text, R"("params":[")");
    const ModelBlock* block = nullptr;
    if (what == "latest") {
        block = chain_.find(newest_);
    } else if (what == "finalized") {
        block = final_block ? chain_.find(*final_block) : nullptr;
    } else if (asked.method == "eth_getBlockByHash") {
        block = chain_.find(parse_hash(what).value());
    } else {
        block = chain_.at(newest_, BlockNumber{std::stoull(what, nullptr, 16)});
    }
    if (block == nullptr || hidden_.contains(block->head().hash)) return "null";
    return header_json(block->header);
}

std::string FeedNode::logs_of(const Asked& asked) const {
    const ModelBlock* const block = chain_.find(parse_hash(after(asked.text, R"("blockHash":")")).value());
    if (block == nullptr || hidden_.contains(block->head().hash)) return "null";
    const bool watched = asked.text.find(to_hex(kWatchedContract.bytes)) != std::string::npos;
    std::string out = "[";
    for (const Log& log : block->logs) {
        if (watched) out += (out.size() > 1 ? "," : "") + log_json(log);
    }
    return out + "]";
}

void FeedNode::advance(const Hash32& newest, Telling telling) {
    std::vector<std::pair<bool, std::string>> messages;
    const auto add = [&messages, &telling](bool head, const std::string& text) {
        messages.emplace_back(head, text);
        if (telling.twice) messages.emplace_back(head, text);
    };
    const ModelBlock* old = chain_.find(newest_);
    for (; !chain_.contains(newest, old->head().hash); old = chain_.find(old->head().parent_hash)) {
        for (Log log : old->logs) {
            log.removed = true;
            if (telling.removed) add(false, log_json(log));
        }
    }
    std::vector<const ModelBlock*> fresh;
    for (const ModelBlock* block = chain_.find(newest); block != old;
         block = chain_.find(block->head().parent_hash))
        fresh.insert(fresh.begin(), block);
    newest_ = newest;
    for (const ModelBlock* const block : fresh) {
        const bool head = telling.heads && (!telling.only_last || block == fresh.back());
        if (head && !telling.logs_first) add(true, header_json(block->header));
        for (const Log& log : block->logs) {
            if (telling.logs) add(false, log_json(log));
        }
        if (head && telling.logs_first) add(true, header_json(block->header));
    }
    if (telling.backwards) std::reverse(messages.begin(), messages.end());
    for (const auto& [head, text] : messages)
        tell(head ? Kind::heads : Kind::logs, text);
}

void FeedNode::tell(Kind kind, const std::string& result) {
    for (const Subscription& one : std::vector<Subscription>{subscriptions_}) {
        if (one.kind == kind) node_.tell(one.connection, notification(one.id, result));
    }
}

void FeedNode::tell_head(const rpc::Header& header) {
    tell(Kind::heads, header_json(header));
}

void FeedNode::tell_log(const Log& log) {
    tell(Kind::logs, log_json(log));
}

void FeedNode::tell_pending(const std::string& transaction) {
    tell(Kind::pending, transaction);
}

void FeedNode::tell_heads_text(const std::string& text) {
    for (const Subscription& one : subscriptions_) {
        std::string out = text;
        for (std::size_t at = out.find('%'); at != std::string::npos; at = out.find('%'))
            out.replace(at, 1, one.id);
        if (one.kind == Kind::heads) node_.tell(one.connection, out);
    }
}

void FeedNode::forget_dead() {
    std::erase_if(subscriptions_, [this](const Subscription& one) { return !node_.is_open(one.connection); });
}

std::size_t FeedNode::listeners() const {
    return static_cast<std::size_t>(
        std::count_if(subscriptions_.begin(), subscriptions_.end(), [this](const Subscription& one) {
            return one.kind == Kind::heads && node_.is_open(one.connection);
        }));
}

std::size_t FeedNode::count(const std::string& method) const {
    const auto& asked = node_.asked();
    return static_cast<std::size_t>(std::count_if(
        asked.begin(), asked.end(), [&method](const Asked& one) { return one.method == method; }));
}

std::string FeedNode::head_subscription() const {
    for (auto one = subscriptions_.rbegin(); one != subscriptions_.rend(); ++one) {
        if (one->kind == Kind::heads) return one->id;
    }
    return {};
}

}  // namespace plimsoll::faults
