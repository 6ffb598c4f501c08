// SPDX-License-Identifier: Apache-2.0
// What is held ready between a real engine, a real submission and a thread that is played by the test.
#include "bot/hot/armed_desk.hpp"

#include "bot/hot/matcher.hpp"
#include "chain/primitives/keccak.hpp"
#include "signer/keys/key.hpp"
#include "strategy/plan.hpp"
#include "strategy/prices/price_leaves.hpp"
#include "tests/unit/strategy/scripted/near_the_line.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

namespace plimsoll::bot {
namespace {

using namespace strategy::scripted;
using strategy::Decision;

constexpr std::int64_t kLeftAt = 5'000;
constexpr ReceiveTime kReceived{4'000};

/// Everything is durable at once.
class NoDisk final : public signer::Journal {
  public:
    Result<void> write(std::span<const signer::JournalEntry> /*entries*/) override { return {}; }
    Result<signer::JournalState> load() override { return signer::JournalState{}; }
    Result<std::vector<signer::TokenTotal>> profit_by_token() override {
        return std::vector<signer::TokenTotal>{};
    }
};

/// Takes everything and mines nothing.
class Pool final : public Network {
  public:
    async::Task<rpc::SendAnswer> send(signer::Send send) override {
        sent.push_back(send.raw);
        rpc::SendAnswer answer;
        answer.hash = send.hash;
        co_return answer;
    }
    async::Task<Result<std::optional<rpc::Receipt>>> receipt(Hash32 /*transaction*/) override {
        Result<std::optional<rpc::Receipt>> none{std::nullopt};
        co_return none;
    }
    async::Task<Result<bool>> in_pool(Hash32 /*transaction*/) override { co_return true; }
    async::Task<Result<NonceCounts>> nonces(Address /*sender*/) override { co_return NonceCounts{}; }

    std::vector<Bytes> sent;
};

signer::Key test_key() {
    std::array<std::uint8_t, 32> secret{};
    secret.fill(0x66);
    return signer::Key::from_secret(signer::Secret{secret}).value();
}

/// The thread that receives prices, as far as the other one can tell.
class OtherThread {
  public:
    explicit OtherThread(Handover& handover) : handover_{handover} {}

    /// Receives an answer; true if something left on it.
    bool hears(const Log& answer) {
        std::shared_ptr<ArmedTable> next;
        while (handover_.take(next))
            matcher_.take(std::move(next));
        const auto entry = matcher_.match(answer);
        if (!entry) return false;
        ArmedTable& table = *matcher_.table();
        table.cause = {answer.block_hash, answer.block_number, kReceived};
        if (!handover_.claim(table, *entry)) return false;
        table.left_at.store(kLeftAt);
        return true;
    }

  private:
    Handover& handover_;
    Matcher matcher_;
};

/// The keeper's writer thread, as far as it has to do with what is held ready.
class DeskWorld {
  public:
    struct Left {
        Decision decision;
        std::uint64_t intent{};
        std::int64_t at{};
        bool decided{};
    };

    DeskWorld() {
        submission_ = std::make_unique<Submission>(options(), policy(), test_key(), parts(), listener());
        desk = std::make_unique<ArmedDesk>(desk_parts());
        boost::asio::co_spawn(io_, tasks_.run(), [](const std::exception_ptr&) {});
        submission_->on(signer::Tick{Timestamp{stage.time}});
        submission_->on(signer::Recovered{signer::JournalState{}});
        submission_->on(signer::HeadSeen{stage.heads.back()});
        settle();
        strategy::Output held;
        for (const auto& [whose, decision] : stage.armed)
            held.arms.push_back(strategy::Arm{decision});
        held.triggers.push_back(stage.triggers);
        desk->take(held);
        stage.before = [this](const Event& event) { desk->begin(event); };
        stage.after = [this](strategy::Output out) { take(std::move(out)); };
        settle();
    }
    ~DeskWorld() {
        desk->end();
        journal_.close();
    }
    DeskWorld(const DeskWorld&) = delete;
    DeskWorld& operator=(const DeskWorld&) = delete;
    DeskWorld(DeskWorld&&) = delete;
    DeskWorld& operator=(DeskWorld&&) = delete;

    /// Until nothing is left to do; then the other thread has the newest there is.
    void settle() {
        do {
            journal_.rest();
            io_.restart();
        } while (io_.poll() != 0);
        desk->refresh();
    }
    /// Ether's aggregator answers in the block that is open, as the other thread hears it.
    [[nodiscard]] Log ether_at(std::uint64_t whole) const {
        Log out;
        out.address = aggregator_of(kEther);
        out.topics = {strategy::kAnswerUpdated, Hash32::from_u256(U256{whole} * pow10(8))};
        out.topic_count = 3;
        out.block_number = open.number;
        out.block_hash = open.hash;
        return out;
    }
    /// And as the writer thread does.
    void tell_ether_at(std::uint64_t whole) { stage.log(answer_of_ether(stage, U256{whole} * pow10(8))); }
    void begin_block() { open = stage.begin_block(); }
    [[nodiscard]] signer::Scheduler& scheduler() { return submission_->scheduler(); }
    [[nodiscard]] const std::vector<Bytes>& sent() const { return pool_.sent; }

    Stage stage = told_of(in_debt({15'900}));
    const IntentKey key = stage.key_of(0);
    Head open;
    Handover handover{1};
    OtherThread other{handover};
    std::unique_ptr<ArmedDesk> desk;
    std::vector<Decision> fired;  // by the writer thread itself
    std::vector<Left> left;
    std::size_t anew = 0;             // decisions that went the way of every intent
    std::function<void()> meanwhile;  // between the engine's decision and what is done about it
    bool held_back = false;

  private:
    void take(strategy::Output out) {
        if (meanwhile) meanwhile();
        for (const Decision& decision : out.decisions) {
            if (!decision.send() || desk->has_left(decision.key)) continue;
            if (!decision.armed || !desk->fire(decision)) ++anew;
        }
        desk->take(out);
        desk->refresh();
    }
    [[nodiscard]] static signer::SchedulerOptions options() {
        signer::SchedulerOptions out;
        out.chain = ChainId{31337};
        out.sender = test_key().address();
        out.fees = signer::FeeLimits{to_wei(Gwei{1}), to_wei(Gwei{200}), {}};
        return out;
    }
    [[nodiscard]] static signer::Policy policy() {
        signer::PolicyLimits out;
        out.chain = ChainId{31337};
        out.sender = test_key().address();
        out.executor = strategy::scripted::address_of(0xE0);
        out.selector = strategy::kExecuteSelector;
        out.max_gas = Gas{10'000'000};
        out.max_fee_per_gas = to_wei(Gwei{200});
        out.max_spend = cost(out.max_gas, out.max_fee_per_gas);
        return signer::Policy{out};
    }
    Submission::Parts parts() {
        Submission::Parts out{pool_, journal_, tasks_};
        out.before_step = [this] {
            if (desk) static_cast<void>(desk->settle());
        };
        return out;
    }
    static SubmissionListener listener() {
        SubmissionListener out;
        out.on_signed = [](const signer::Sign&, const signer::SignedTransaction&) {};
        out.on_sent = [](const signer::Send&, signer::SendClass, const std::string&) {};
        out.on_report = [](const signer::Report&) {};
        out.on_declined = [](const signer::Declined&) { ADD_FAILURE() << "declined"; };
        out.on_notice = [](const signer::Notice& notice) { ADD_FAILURE() << notice.text; };
        return out;
    }
    ArmedDesk::Parts desk_parts() {
        const auto intent_of = [this](const Decision& decision) {
            signer::Intent out;
            out.id = scheduler().next_intent_id();
            out.key = decision.key;
            out.to = strategy::scripted::address_of(0xE0);
            out.calldata = decision.calldata;
            out.gas_limit = decision.gas_limit;
            out.last_block = decision.last_block;
            return out;
        };
        const auto launch = [this](const Decision& decision, const ArmedDesk::Armed& armed) {
            fired.push_back(decision);
            return submission_->fire(armed.slot);
        };
        const auto launch_left = [this](const Decision& decision, const ArmedDesk::Armed& armed,
                                        std::int64_t at, bool decided) {
            left.push_back({decision, armed.intent, at, decided});
            EXPECT_TRUE(submission_->fire(armed.slot));
        };
        return {stage.engine(),
                *submission_,
                &handover,
                intent_of,
                launch,
                launch_left,
                [this] { return held_back; }};
    }

    boost::asio::io_context io_{1};
    async::TaskGroup tasks_{io_.get_executor()};
    Pool pool_;
    JournalThread journal_{std::make_unique<NoDisk>(),
                           [this](std::function<void()> task) { boost::asio::post(io_, std::move(task)); }};
    std::unique_ptr<Submission> submission_;
};

TEST(ArmedDesk, WhatLeftIsAnArmedSendBeforeAnythingElseHappens) {
    DeskWorld world;
    ASSERT_TRUE(world.handover.is_open());
    world.begin_block();
    const Bytes ready = [&] {
        const auto bytes = world.scheduler().armed_bytes({0, 1});
        return bytes ? Bytes{bytes->raw.begin(), bytes->raw.end()} : Bytes{};
    }();
    ASSERT_TRUE(world.other.hears(world.ether_at(1'980)));
    EXPECT_FALSE(world.other.hears(world.ether_at(1'970))) << "once";
    EXPECT_TRUE(world.desk->settle());
    EXPECT_FALSE(world.desk->settle());
    world.tell_ether_at(1'980);
    world.settle();
    ASSERT_EQ(world.left.size(), 1U);
    EXPECT_TRUE(world.left[0].decided);
    EXPECT_TRUE(world.left[0].decision.armed && world.left[0].decision.speculative);
    EXPECT_EQ(world.left[0].decision.block_hash, world.open.hash);
    EXPECT_EQ(world.left[0].decision.triggered, kReceived);
    EXPECT_EQ(world.left[0].at, kLeftAt);
    EXPECT_EQ(world.sent(), (std::vector<Bytes>{ready})) << "over all lanes, the same bytes";
    EXPECT_TRUE(world.fired.empty());
    EXPECT_EQ(world.anew, 0U);
    EXPECT_TRUE(world.scheduler().busy(world.key));
}

TEST(ArmedDesk, WhatTheEngineDecidedInTheSameMomentLeavesOnce) {
    DeskWorld world;
    world.begin_block();
    bool heard = false;
    world.meanwhile = [&] { heard = heard || world.other.hears(world.ether_at(1'980)); };
    world.tell_ether_at(1'980);
    world.settle();
    ASSERT_TRUE(heard);
    ASSERT_EQ(world.stage.sends().size(), 1U) << "the engine had decided it";
    ASSERT_EQ(world.left.size(), 1U);
    EXPECT_FALSE(world.left[0].decided) << "and it is not told twice";
    EXPECT_EQ(world.left[0].decision.key, world.key);
    EXPECT_EQ(world.left[0].decision.triggered, kReceived);
    EXPECT_EQ(world.left[0].at, kLeftAt);
    EXPECT_TRUE(world.fired.empty()) << "its slot is not fired again";
    EXPECT_EQ(world.anew, 0U) << "nor is it sent as a new intent";
    EXPECT_EQ(world.sent().size(), 1U);
    EXPECT_EQ(world.scheduler().in_flight(), 1U);
    world.stage.seal();
    world.settle();
    EXPECT_EQ(world.sent().size(), 1U);
}

TEST(ArmedDesk, TheWriterThreadFiresWhatTheOtherOneDidNot) {
    DeskWorld world;
    world.begin_block();
    world.tell_ether_at(1'980);
    EXPECT_EQ(world.fired.size(), 1U);
    EXPECT_FALSE(world.other.hears(world.ether_at(1'980))) << "the gate was closed before";
    world.settle();
    EXPECT_TRUE(world.left.empty());
    EXPECT_EQ(world.sent().size(), 1U);
    EXPECT_FALSE(world.other.hears(world.ether_at(1'970)));
}

TEST(ArmedDesk, AStepOfTheSchedulerComesAfterWhatLeft) {
    DeskWorld world;
    world.begin_block();
    ASSERT_TRUE(world.other.hears(world.ether_at(1'980)));
    world.desk->let_go_later(world.key);  // whatever else is wanted
    world.stage.tick();
    EXPECT_EQ(world.left.size(), 1U);
    EXPECT_TRUE(world.scheduler().busy(world.key));
}

TEST(ArmedDesk, NothingLeavesWhileTheOperatorHoldsBack) {
    DeskWorld world;
    world.begin_block();
    world.held_back = true;
    world.settle();
    EXPECT_FALSE(world.other.hears(world.ether_at(1'980)));
    world.held_back = false;
    world.settle();
    EXPECT_TRUE(world.other.hears(world.ether_at(1'979)));
}

TEST(ArmedDesk, NothingLeavesAfterABlockWasUndone) {
    DeskWorld world;
    world.begin_block();
    world.stage.seal();
    world.settle();
    world.open.number = world.open.number.next(1);
    ASSERT_EQ(world.handover.table()->block(), world.open.number);
    world.stage.undo_block();
    EXPECT_FALSE(world.other.hears(world.ether_at(1'980)));
    EXPECT_TRUE(world.left.empty());
}

/// An index that moves is told by ReserveDataUpdated, whose first topic is the asset.
TEST(ArmedDesk, AnIndexThatMovedMakesVoidForTheBlockWhateverIsPublishedAfterwards) {
    DeskWorld world;
    world.begin_block();
    Log moved;
    moved.address = strategy::scripted::address_of(0x9001);
    moved.topics = {keccak256("ReserveDataUpdated(address,uint256,uint256,uint256,uint256,uint256)"),
                    world.stage.venue().assets()[kDollar].token.to_word()};
    moved.topic_count = 2;
    world.stage.log(moved);
    EXPECT_TRUE(world.handover.is_open());
    EXPECT_FALSE(world.other.hears(world.ether_at(1'980)));
    strategy::Output again;
    again.triggers.push_back(world.stage.triggers);
    world.desk->take(again);
    world.settle();
    EXPECT_FALSE(world.other.hears(world.ether_at(1'980))) << "of the same block";
    world.stage.seal();
    world.settle();
    world.begin_block();
    EXPECT_TRUE(world.other.hears(world.ether_at(1'980))) << "of the next one";
}

}  // namespace
}  // namespace plimsoll::bot
