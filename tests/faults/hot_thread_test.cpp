// SPDX-License-Identifier: Apache-2.0
// The thread that sends what is held ready: nodes that answer late, twice, or cut the connection.
#include "bot/hot/hot_thread.hpp"

#include "chain/async/deadline.hpp"
#include "chain/primitives/hex.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "tests/faults/certificates.hpp"
#include "tests/faults/endpoint_on_node.hpp"
#include "tests/faults/tls_front.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace plimsoll::faults {
namespace {

using bot::ArmedTable;
using bot::HotThread;
using Steps = std::vector<Step>;

const Address kAggregator = Address::from_word(Hash32::from_u256(U256{0xE7}));
constexpr BlockNumber kBlock{16};
const Bytes kRaw{0x02, 0xAB, 0xCD};
constexpr int kPatience = 2'000;  // looks
constexpr milliseconds kLook{2};

std::string word(std::uint64_t value) {
    return to_hex(U256{value}.to_be());
}

std::string answer_frame(std::uint64_t value, std::uint64_t block = kBlock.value) {
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0xa","result":{"address":")" +
           to_hex(kAggregator.bytes) + R"(","topics":[")" + to_string(strategy::kAnswerUpdated) + R"(",")" +
           word(value) + R"(",")" + word(7) + R"("],"data":")" + word(1'700'000'000) + R"(","blockHash":")" +
           word(0xB10C) + R"(","blockNumber":")" + to_quantity_hex(U256{block}) + R"(","transactionHash":")" +
           word(0x7A) + R"(","transactionIndex":"0x0","logIndex":"0x0","removed":false}}})";
}

/// A node with a price, and a HotThread that is to send one transaction when it is between 1,900 and 1,990.
class HotWorld {
  public:
    explicit HotWorld(bool spin, bool encrypted = false) {
        const std::string url = node_.ws_url();
        const unsigned long port = std::stoul(url.substr(url.rfind(':') + 1));
        if (encrypted)
            front_ = std::make_unique<TlsFront>(io_.get_executor(), static_cast<std::uint16_t>(port),
                                                TlsBehaviour{});
        HotThread::Params params;
        for (const std::string& each : {encrypted ? front_url() : url, second_.ws_url()}) {
            rpc::EndpointParams feed = params_for(each);
            feed.chain_id = ChainId{1};
            if (encrypted) feed.tls.ca_file = certificates() + "/ca.pem";
            rpc::EndpointParams submit = feed;
            feed.read_only = true;
            params.ways.push_back({feed, submit});
        }
        params.spin = spin;
        hot_ = std::make_unique<HotThread>(std::move(params), [this] { ++woken; });
        handover().believe(0, true);
    }

    void watch() { hot_->watch(Watch{{kAggregator}, {strategy::kAnswerUpdated}}); }
    /// Watching, unless the body is to say when.
    void run(const std::function<Task<void>()>& body, bool at_once = true) {
        if (at_once) watch();
        std::vector<Task<void>> family;
        family.push_back(node_.run());
        family.push_back(second_.run());
        if (front_) family.push_back(front_->run());
        family.push_back(body());
        async::run_task(io_, async::all_of(std::move(family)));
    }

    void publish(std::uint32_t epoch) {
        auto table = std::make_shared<ArmedTable>(epoch, kBlock);
        strategy::Trigger trigger;
        trigger.key.account = kAggregator;
        trigger.aggregator = kAggregator;
        trigger.least = U256{1'900};
        trigger.most = U256{1'990};
        trigger.falling = true;
        EXPECT_TRUE(table->add(trigger, {5, epoch}, {rpc::prepare_send(epoch, kRaw)}));
        static_cast<void>(hot_->handover().close());
        hot_->handover().publish(std::move(table));
    }

    Task<void> until_asked(std::string_view method, std::size_t times) {
        for (int i = 0; i < kPatience && asked(method) < times; ++i)
            co_await async::sleep_for(kLook);
        EXPECT_EQ(asked(method), times) << method;
    }
    Task<void> until_counted(std::uint64_t bot::HotCounts::*counter, std::uint64_t times) {
        for (int i = 0; i < kPatience && hot_->counts().*counter < times; ++i)
            co_await async::sleep_for(kLook);
        EXPECT_EQ(hot_->counts().*counter, times);
    }
    Task<void> until_woken() {
        for (int i = 0; i < kPatience && woken == 0; ++i)
            co_await async::sleep_for(kLook);
        EXPECT_EQ(woken, 1);
    }
    Task<void> until_subscribed(std::size_t times) {
        co_await until_asked("eth_subscribe", times);
        co_await async::sleep_for(milliseconds{20});  // its answer has to come through
    }
    [[nodiscard]] std::size_t asked(std::string_view method) const {
        return static_cast<std::size_t>(std::ranges::count(node_.asked(), method, &Asked::method));
    }
    void tell(std::uint64_t value, std::uint64_t block = kBlock.value) {
        node_.tell(answer_frame(value, block));
        ++told;
    }

    HotThread& hot() { return *hot_; }
    bot::Handover& handover() { return hot_->handover(); }
    ScriptedNode& node() { return node_; }
    /// Subscribed like the first one, and not believed; for sending it has no frame.
    ScriptedNode& second() { return second_; }
    std::atomic<int> woken{0};
    std::uint64_t told = 0;

  private:
    static Steps serve(const Asked& asked) {
        if (asked.method == "eth_chainId") return {reply(asked, "\"0x1\"")};
        if (asked.method == "eth_subscribe") return {reply(asked, "\"0xa\"")};
        return {reply(asked, '"' + word(0x7A) + '"')};
    }

    /// By its name.
    [[nodiscard]] std::string front_url() const {
        return "wss://localhost:" + std::to_string(front_->port());
    }

    async::asio::io_context io_;
    ScriptedNode node_{io_.get_executor(), &serve};
    ScriptedNode second_{io_.get_executor(), &serve};
    std::unique_ptr<TlsFront> front_;
    std::unique_ptr<HotThread> hot_;
};

class HotThreads : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(EpollAndSpin, HotThreads, testing::Bool(),
                         [](const auto& each) { return each.param ? "Spin" : "Epoll"; });

TEST_P(HotThreads, AnAnswerWithinBoundsSendsTheBytesOnce) {
    HotWorld world{GetParam()};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        world.publish(1);
        world.tell(1'995);
        world.tell(1'950, kBlock.value + 1);
        world.tell(1'950);
        world.tell(1'940);
        co_await world.until_counted(&bot::HotCounts::answers, world.told);
        co_await world.until_asked("eth_sendRawTransaction", 1);
        co_await world.until_woken();
        EXPECT_NE(world.node().asked().back().text.find(to_hex(kRaw)), std::string::npos);
        const auto left = world.handover().close();
        EXPECT_TRUE(left.has_value());
        if (!left) co_return;
        EXPECT_EQ(left->slot, (signer::ArmedSlot{5, 1}));
        EXPECT_EQ(left->block_hash, Hash32::from_u256(U256{0xB10C}));
        EXPECT_EQ(left->block_number, kBlock);
        EXPECT_GT(left->left_at, left->received.nanoseconds);
        EXPECT_FALSE(world.handover().close().has_value());
        EXPECT_EQ(world.hot().counts().sent, 1U);
        EXPECT_EQ(world.asked("eth_sendRawTransaction"), 1U);
    });
}

TEST_P(HotThreads, NothingLeavesWhileTheGateIsClosed) {
    HotWorld world{GetParam()};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        world.publish(1);
        EXPECT_FALSE(world.handover().close().has_value());
        world.tell(1'950);
        co_await world.until_counted(&bot::HotCounts::late, 1);
        EXPECT_EQ(world.hot().counts().sent, 0U);
        world.handover().open();
        world.tell(1'945);
        co_await world.until_counted(&bot::HotCounts::sent, 1);
        co_await world.until_asked("eth_sendRawTransaction", 1);
    });
}

TEST_P(HotThreads, WhatIsPublishedNextLeavesAloneWhatIsOnItsWay) {
    constexpr std::uint32_t kRounds = 200;
    HotWorld world{GetParam()};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        for (std::uint32_t epoch = 1; epoch <= kRounds; ++epoch) {
            world.publish(epoch);
            world.tell(1'950);
            while (world.handover().is_open())
                co_await async::asio::post(async::use_task);
        }
        world.publish(kRounds + 1);
        co_await world.until_asked("eth_sendRawTransaction", kRounds);
    });
}

TEST_P(HotThreads, WhoIsNotBelievedSendsNothingAndMakesNothingVoid) {
    HotWorld world{GetParam()};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        const auto asked = [&] { return world.second().asked(); };
        const auto subscribed = [](const Asked& one) { return one.method == "eth_subscribe"; };
        for (int i = 0; i < kPatience && std::ranges::none_of(asked(), subscribed); ++i)
            co_await async::sleep_for(kLook);
        co_await async::sleep_for(milliseconds{20});
        world.publish(1);
        std::string taken_back = answer_frame(1'950);
        taken_back.replace(taken_back.find("\"removed\":false"), 15, "\"removed\":true");
        world.second().tell(answer_frame(1'950));
        world.second().tell(taken_back);
        co_await world.until_counted(&bot::HotCounts::ignored, 2);
        EXPECT_EQ(world.hot().counts().matched, 0U);
        EXPECT_EQ(world.asked("eth_sendRawTransaction"), 0U);
        world.tell(1'940);
        co_await world.until_asked("eth_sendRawTransaction", 1);
        world.publish(2);
        world.handover().believe(0, false);
        world.handover().believe(1, true);
        world.tell(1'930);
        co_await world.until_counted(&bot::HotCounts::ignored, 3);
        EXPECT_EQ(world.hot().counts().sent, 1U);
        world.second().tell(answer_frame(1'930));
        co_await world.until_asked("eth_sendRawTransaction", 2);
    });
}

TEST_P(HotThreads, GoesOnAfterItsConnectionsWereCut) {
    HotWorld world{GetParam()};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        world.node().cut();
        co_await world.until_subscribed(2);
        world.publish(1);
        world.tell(1'950);
        co_await world.until_asked("eth_sendRawTransaction", 1);
    });
}

TEST_P(HotThreads, SendsToAnEncryptedNodeThatItKnowsByName) {
    HotWorld world{GetParam(), true};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        world.publish(1);
        world.tell(1'950);
        co_await world.until_asked("eth_sendRawTransaction", 1);
        EXPECT_NE(world.node().asked().back().text.find(to_hex(kRaw)), std::string::npos);
    });
}

TEST_P(HotThreads, SubscribesOverTheConnectionThatIsThereAlready) {
    HotWorld world{GetParam()};
    const auto body = [&]() -> Task<void> {
        co_await world.until_asked("eth_chainId", 2);
        co_await async::sleep_for(milliseconds{20});  // their answers have to come through
        world.watch();
        co_await world.until_subscribed(1);
        EXPECT_EQ(world.node().connections(), 2U) << "one to hear and one to send";
    };
    world.run(body, false);
}

TEST_P(HotThreads, SubscribesToWhatIsWatchedLast) {
    HotWorld world{GetParam()};
    world.run([&]() -> Task<void> {
        co_await world.until_subscribed(1);
        for (std::uint64_t other = 1; other <= 3; ++other) {
            const Address one = Address::from_word(Hash32::from_u256(U256{other}));
            world.hot().watch(Watch{{one}, {strategy::kAnswerUpdated}});
        }
        const auto last = [&](std::string_view text) {
            const std::vector<Asked> asked = world.node().asked();
            const auto newest =
                std::ranges::find(asked.rbegin(), asked.rend(), "eth_subscribe", &Asked::method);
            return newest != asked.rend() && newest->text.find(text) != std::string::npos;
        };
        const std::string wanted = to_hex(Address::from_word(Hash32::from_u256(U256{3})).bytes);
        for (int i = 0; i < kPatience && !last(wanted); ++i)
            co_await async::sleep_for(kLook);
        EXPECT_TRUE(last(wanted));
    });
}

TEST_P(HotThreads, EndsThoughItHadNoTimeToBegin) {
    for (int i = 0; i < 100; ++i)
        HotWorld{GetParam()}.watch();
}

/// Threads of this process that may run on these cores only, as the kernel words them.
std::ptrdiff_t kept_to(const std::string& cores) {
    std::ptrdiff_t out = 0;
    for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
        std::ifstream status{task.path() / "status"};
        for (std::string line; std::getline(status, line);)
            out += line == "Cpus_allowed_list:\t" + cores ? 1 : 0;
    }
    return out;
}

TEST_P(HotThreads, IsKeptToItsCoreOrSaysThatItCannotBe) {
    HotWorld world{GetParam()};
    cpu_set_t ours;
    ASSERT_EQ(sched_getaffinity(0, sizeof ours, &ours), 0);
    unsigned last = 0;
    for (unsigned core = 0; core < CPU_SETSIZE; ++core)
        last = CPU_ISSET(core, &ours) ? core : last;
    const std::ptrdiff_t before = kept_to(std::to_string(last));
    EXPECT_FALSE(world.hot().keep_to(CPU_SETSIZE - 1).has_value()) << "nobody has so many";
    EXPECT_EQ(kept_to(std::to_string(last)), before);
    EXPECT_TRUE(world.hot().keep_to(last).has_value());
    // At least itself: what looks names up is a thread of its own, and may begin meanwhile.
    EXPECT_GE(kept_to(std::to_string(last)), CPU_COUNT(&ours) > 1 ? before + 1 : before);
}

}  // namespace
}  // namespace plimsoll::faults
