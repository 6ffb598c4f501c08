// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/goals/armed.hpp"

#include "bot/hot/hot_thread.hpp"
#include "chain/rpc/url.hpp"
#include "signer/fee.hpp"
#include "signer/signing.hpp"
#include "strategy/plan.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "tests/bench/goals/counting.hpp"
#include "tests/bench/goals/hot_path.hpp"
#include "tests/bench/goals/timing.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace plimsoll::bench {

namespace {

constexpr std::uint32_t kArmed = 32;

bot::HotThread::Params params_of(const FrameNode& feed, const FrameNode& submit, Waits waits) {
    constexpr std::chrono::seconds kLong{60};
    rpc::EndpointParams from;
    from.url = rpc::parse_url(feed.url()).value();
    from.connect_timeout = from.request_timeout = from.idle_timeout = kLong;
    if (waits == Waits::spinning_in_tls) from.tls.ca_file = TlsServer::ca_file();
    rpc::EndpointParams to = from;
    to.url = rpc::parse_url(submit.url()).value();
    bot::HotThread::Params out;
    out.ways.push_back({std::move(from), std::move(to)});
    out.spin = waits != Waits::asleep;
    return out;
}

/// What the thread that receives has asked for since it heard of an event: told at the end of each.
struct Watched {
    std::atomic<std::uint64_t> events{0};
    Asked of_event;
};

void empty_caches() {
    static std::vector<std::uint64_t> much(std::size_t{8} << 20U);  // 64 MiB
    for (std::size_t i = 0; i < much.size(); i += 8)
        ++much[i];
}

/// Answers the subscription, whose name every frame carries.
void subscribe(FrameNode& feed) {
    const std::string asked = feed.hear();
    const std::size_t id = asked.find("\"id\":");
    if (id == std::string::npos) throw std::runtime_error{"no subscription: " + asked};
    const std::string number = asked.substr(id + 5, asked.find_first_of(",}", id) - id - 5);
    feed.say(R"({"jsonrpc":"2.0","id":)" + number + R"(,"result":"0xl"})");
}

bot::HotDeparture departure_of(bot::HotThread& hot, const Watched& watched, std::uint64_t event) {
    while (watched.events.load() < event)
        std::this_thread::yield();
    const auto left = hot.handover().close();
    if (!left || left->left_at == 0) throw std::runtime_error{"nothing left for an answer that sends"};
    return *left;
}

}  // namespace

ArmedBook::ArmedBook(BytesView snapshot)
    : stage_{snapshot, true, kArmed}, key_{signer::throwaway_key().value()} {
    const auto& triggers = stage_.triggers().triggers;
    if (triggers.empty()) throw std::runtime_error{"nobody is held ready"};
    const signer::FeePolicy fees{
        signer::FeeLimits{Wei{U256{1'000'000'000}}, Wei{U256{200'000'000'000ULL}}, {}}};
    const signer::Policy policy{limits_of(key_.address())};
    for (const strategy::Trigger& trigger : triggers) {
        const auto arm = std::ranges::find(stage_.arms(), trigger.key,
                                           [](const strategy::Arm& one) { return one.decision.key; });
        if (arm == stage_.arms().end()) throw std::runtime_error{"a trigger of nothing that was armed"};
        signed_.push_back(sign_decision(policy, fees.price(stage_.head()).value(), key_, arm->decision).raw);
    }
    stage_.begin_block();
}

std::shared_ptr<bot::ArmedTable> ArmedBook::table(std::size_t ways) {
    auto out = std::make_shared<bot::ArmedTable>(++epoch_, stage_.triggers().block);
    const auto& triggers = stage_.triggers().triggers;
    for (std::uint32_t i = 0; i < triggers.size(); ++i) {
        std::vector<rpc::PreparedSend> frames;
        for (std::size_t way = 0; way < ways; ++way)
            frames.push_back(rpc::prepare_send(++frames_, signed_[i]));
        if (!out->add(triggers[i], {i, 1}, std::move(frames))) break;
    }
    return out;
}

/// The nearest that Ether's price sends.
const strategy::Trigger& ArmedBook::by_ether() const {
    const auto& triggers = stage_.triggers().triggers;
    const auto found =
        std::ranges::find(triggers, Market::ether_aggregator(), &strategy::Trigger::aggregator);
    if (found == triggers.end()) throw std::runtime_error{"nobody is held ready for Ether's price"};
    return *found;
}

std::string ArmedBook::sending_frame() {
    const strategy::Trigger& nearest = by_ether();
    const bool falls = nearest.most < U256{Market::kCalmPrice};
    return stage_.price_frame((falls ? nearest.most : nearest.least).low64());
}

std::string ArmedBook::quiet_frame() {
    return stage_.price_frame(Market::kCalmPrice);
}

ArmedPath::ArmedPath(ArmedBook& book) : book_{book} {
    const PaddedFrame frame{book.quiet_frame()};
    if (!reader_.read(frame.text(), LogsAlone{})) throw std::runtime_error{"the frame cannot be read"};
}

void ArmedPath::prepare() {
    static_cast<void>(gate_.close());
    auto table = book_.table(1);
    gate_.open(table->epoch());
    matcher_.take(std::move(table));
}

std::string ArmedPath::event(std::string_view frame) {
    const auto* const known = reader_.read_known(frame, LogsAlone{});
    if (known == nullptr) throw std::runtime_error{"a frame of another shape"};
    const Log& log = std::get<Log>(known->body);
    const auto entry = matcher_.match(log);
    if (!entry) return {};
    bot::ArmedTable& table = *matcher_.table();
    table.cause = {log.block_hash, log.block_number, ReceiveTime{}};
    if (!gate_.claim(table.epoch(), *entry)) return {};
    return std::move(table.entries()[*entry].frames.front().frame);
}

__attribute__((noinline)) std::string measured_armed_event(ArmedPath& path, std::string_view frame) {
    return path.event(frame);
}

ArmedEvents run_armed(ArmedBook& book, std::size_t rounds, Waits waits, Caches caches) {
    constexpr std::size_t kWarmUp = 4;
    FrameNode feed{waits};
    FrameNode submit{waits};
    Watched watched;
    bot::HotThread hot{params_of(feed, submit, waits), [&watched] {
                           watched.of_event = asked_since_ready();
                           ++watched.events;
                       }};
    hot.handover().believe(0, true);
    hot.watch(Watch{{Market::ether_aggregator()}, {strategy::kAnswerUpdated}});
    submit.accept();
    feed.accept();
    subscribe(feed);
    std::this_thread::sleep_for(std::chrono::milliseconds{50});  // until its answer was taken
    const std::string frame = book.sending_frame();
    ArmedEvents out;
    for (std::size_t i = 0; i < rounds + kWarmUp; ++i) {
        hot.handover().publish(book.table(hot.handover().ways()));
        if (caches == Caches::emptied) empty_caches();
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
        std::string answer;
        const double seen = timed([&] { feed.say(frame), answer = submit.hear(); });
        require_transaction(answer, book.sender(), book.nearest());
        const bot::HotDeparture left = departure_of(hot, watched, i + 1);
        if (i < kWarmUp) continue;
        out.in_program.push_back(static_cast<double>(left.left_at - left.received.nanoseconds));
        out.by_node.push_back(seen);
        out.allocations = std::max(out.allocations, watched.of_event.allocations);
        out.locks = std::max(out.locks, watched.of_event.locks);
    }
    return out;
}

}  // namespace plimsoll::bench
