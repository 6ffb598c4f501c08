// SPDX-License-Identifier: Apache-2.0
// The process may end between any two things it does to the disk or to the socket. Every such point of these
// flows is tried: killed, with the power cut, and with what was under way torn.
#include "tests/faults/crash/world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace plimsoll::crash {
namespace {

constexpr std::uint64_t kPublicAfter = 8;

struct Flow {
    const char* name;
    void (*play)(World&);
    Terms (*terms)() = [] { return Terms{}; };
};

void send(World& world) {
    for (const std::uint8_t account : Accounts{1, 2, 3})
        world.want(account, 20);
    world.blocks(1, 2);
    world.blocks(4, 8);
}

void bump(World& world) {
    world.want(1, 40);
    world.blocks(8, 0);  // nothing is mined: the fee is raised, and raised again
    world.blocks(4, 8);
}

void cancel(World& world) {
    world.want(1, 20);
    world.want(2, 3);
    world.base_fee(80);
    world.blocks(5, 8);  // too dear for both; the second is past its deadline
    world.process().cancel(1);
    world.blocks(2, 8);
    world.base_fee(10);
    world.blocks(5, 8);
}

void reorganisation(World& world) {
    world.want(1, 30);
    world.want(2, 30);
    world.blocks(2, 1);
    world.reorganise(2, false, 0);
    world.blocks(2, 1);
    world.reorganise(1, true, 1);
    world.blocks(4, 8);
}

void lost_answers(World& world) {
    world.process().lose_answers(2);
    world.want(1, 30);
    world.want(2, 30);
    world.blocks(2, 0);
    world.blocks(4, 8);
}

void restarts(World& world) {
    world.want(1, 30);
    world.restart(false);
    world.want(2, 30);
    world.blocks(1, 1);
    world.restart(true);
    world.blocks(5, 8);
    world.restart(true);
    world.want(3, 20);
    world.blocks(4, 8);
}

void armed_set(World& world) {
    for (const std::uint8_t account : Accounts{1, 2, 3})
        world.want_later(account);
    world.process().arm_and_fire({1, 2, 3}, 1, false);
    world.blocks(1, 8);
    world.process().arm_and_fire({1, 3}, 0, true);
    world.restart(false);
    world.blocks(5, 8);
}

void full_house(World& world) {
    for (std::uint8_t account = 1; account <= 18; ++account)
        world.want(account, 40);
    world.blocks(2, 8);
    world.blocks(4, 16);
}

Terms private_first() {
    Terms out;
    out.lanes = {{signer::LaneKind::private_, 0, 1},
                 {signer::LaneKind::bundle, 2, 3},
                 {signer::LaneKind::public_, kPublicAfter, 1}};
    return out;
}

/// Private, then offered as a bundle too, then public, all at one nonce; the relay has it and does nothing.
void fallback(World& world) {
    world.want(1, 40);
    world.blocks(3, 0);
    world.want(2, 40);
    world.blocks(3, 0);
    world.restart(false);
    world.blocks(4, 0);
    world.blocks(2, 1);
    world.want(3, 40);
    world.blocks(5, 8, true);
}

Terms one_at_a_time() {
    Terms out = private_first();
    out.max_in_flight = 1;
    return out;
}

/// The nonce of an intent past its deadline goes to another one, but the first lands all the same: the second
/// waits again, while the operator lets nothing begin.
void waits_again(World& world) {
    world.want(1, 3);
    world.want(2, 40);
    world.blocks(4, 0);
    world.blocks(1, 1, true);
    world.process().on(signer::Gate{signer::GateReason::paused, true});
    world.blocks(4, 0);
    world.process().on(signer::Gate{signer::GateReason::paused, false});
    world.blocks(5, 8, true);
}

/// Room for two or three calls at once, and for what may follow from them.
Terms tight_budget() {
    Terms out;
    out.spend.per_hour = cost(Gas{500'000}, to_wei(Gwei{66}));
    out.spend.per_day = cost(Gas{500'000}, to_wei(Gwei{70}));
    out.spend.cancel_reserve = cost(Gas{21'000}, fee_cap());
    out.per_transaction = cost(Gas{500'000}, to_wei(Gwei{45}));
    return out;
}

Terms tight_floor() {
    Terms out;
    out.spend.min_balance = to_wei(Gwei{970'000'000});  // of one ether
    return out;
}

Terms tight() {
    Terms out = tight_budget();
    out.spend.min_balance = tight_floor().spend.min_balance;
    return out;
}

void caps(World& world) {
    for (std::uint8_t account = 1; account <= 5; ++account)
        world.want(account, 30);
    world.blocks(4, 0);  // raised as far as it may
    world.want_later(6);
    world.want_later(7);
    world.restart(false);
    world.process().arm_and_fire({6, 7}, 0, false);
    world.blocks(2, 1);
    world.process().arm_and_fire({6, 7}, 1, false);
    world.restart(true);
    world.blocks(5, 8);
    world.want(8, 30);
    world.blocks(4, 8);
}

constexpr std::array kFlows{Flow{"send", send},
                            Flow{"bump", bump},
                            Flow{"cancel", cancel},
                            Flow{"reorganisation", reorganisation},
                            Flow{"lost answers", lost_answers},
                            Flow{"restarts", restarts},
                            Flow{"armed set", armed_set},
                            Flow{"full house", full_house},
                            Flow{"fallback", fallback, private_first},
                            Flow{"waits again", waits_again, one_at_a_time},
                            Flow{"caps", caps, tight}};

/// All that happens when nothing goes wrong.
std::vector<Event> played(const Flow& flow) {
    World world{{}, flow.terms()};
    flow.play(world);
    EXPECT_EQ(world.process().scheduler().state(), signer::KeyState::ready)
        << flow.name << ": " << world.process().scheduler().state_reason();
    return world.trace();
}

struct Tried {
    std::size_t points{};
    std::size_t recoveries{};
    std::string broken;  // the first
};

/// The sanitizers are slow and look for something else: of what is between two syncs they see every fourth
/// point.
bool skipped(const Event& event, std::size_t at) {
    const auto* const op = std::get_if<DiskOp>(&event);
    return PLIMSOLL_SANITIZED != 0 && op != nullptr && op->kind == DiskOp::Kind::write && at % 4 != 0;
}

/// Cuts before every event of the trace and at its end. At each the files are opened; what leaves a journal,
/// a witness and a chain that were met before is gone on from once.
Tried try_all(const std::vector<Event>& trace, const Terms& terms, const Defects& defects) {
    Tried out;
    State state;
    state.terms = terms;
    std::set<std::string> known;  // what was left, and how far the chain was
    std::size_t outside = 0;
    for (std::size_t at = 0; at <= trace.size(); ++at) {
        ++out.points;
        for (const Cut cut : {Cut::killed, Cut::power, Cut::torn}) {
            if (at != 0 && (!matters(trace[at - 1], cut) || skipped(trace[at - 1], at))) continue;
            const auto left = what_is_left(state, cut, static_cast<std::uint32_t>(at));
            if (left && !known.insert(std::to_string(outside) + ":" + *left).second) continue;
            ++out.recoveries;
            const std::string broken = recover(state, cut, static_cast<std::uint32_t>(at), defects);
            if (broken.empty()) continue;
            out.broken = broken + "; cut " + std::to_string(static_cast<int>(cut)) + " at " +
                         std::to_string(at) + ", after " + (at == 0 ? "nothing" : describe(trace[at - 1]));
            return out;
        }
        if (at == trace.size()) break;
        if (!std::holds_alternative<DiskOp>(trace[at])) ++outside;
        state.apply(trace[at]);
    }
    return out;
}

TEST(CrashEnumeration, s39_AtAnyPointOfAnyFlowNothingIsDoubledForgottenOrLeftBehind) {
    std::size_t points = 0;
    std::size_t recoveries = 0;
    for (const Flow& flow : kFlows) {
        const Tried tried = try_all(played(flow), flow.terms(), {});
        EXPECT_EQ(tried.broken, "") << flow.name;
        std::cout << "[ points   ] " << flow.name << ": " << tried.points << ", " << tried.recoveries
                  << " recoveries\n";
        points += tried.points;
        recoveries += tried.recoveries;
    }
    std::cout << "[ points   ] all flows: " << points << ", " << recoveries << " recoveries\n";
    EXPECT_GE(points, 300U);
}

/// The first promise that a mistake breaks in this flow, while it is played or after a cut; nothing if none
/// does.
std::string caught(const Flow& flow, const Defects& defects) {
    std::vector<Event> trace;
    try {
        World world{defects, flow.terms()};
        flow.play(world);
        const signer::Scheduler& scheduler = world.process().scheduler();
        if (scheduler.state() == signer::KeyState::stopped) return "at once: " + scheduler.state_reason();
        trace = world.trace();
    } catch (const std::runtime_error& refused) {
        return refused.what();
    }
    return try_all(trace, flow.terms(), defects).broken;
}

Defects of_scheduler(bool signer::SchedulerDefects::*one) {
    Defects out;
    out.scheduler.*one = true;
    return out;
}

Defects of_shell(bool ShellDefects::*one) {
    Defects out;
    out.shell.*one = true;
    return out;
}

struct Mistake {
    const char* name;
    Defects defects;
    Flow flow;
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.name;
}

class CrashMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(CrashMistake, IsCaught) {
    const std::string how = caught(GetParam().flow, GetParam().defects);
    EXPECT_NE(how, "") << GetParam().name << " is not noticed";
    std::cout << "[ caught   ] " << GetParam().name << ": " << how << "\n";
}

using SD = signer::SchedulerDefects;
INSTANTIATE_TEST_SUITE_P(
    All, CrashMistake,
    ::testing::Values(
        Mistake{"SendBeforePersist", of_scheduler(&SD::send_before_persist), Flow{"bump", bump}},
        Mistake{"NonceFromNode", of_scheduler(&SD::nonce_from_node), Flow{"send", send}},
        Mistake{"ForgetReplaced", of_scheduler(&SD::forget_replaced), Flow{"bump", bump}},
        Mistake{"BumpOneField", of_scheduler(&SD::bump_one_field), Flow{"bump", bump}},
        Mistake{"ReuseAfterAmbiguous", of_scheduler(&SD::reuse_after_ambiguous),
                Flow{"lost answers", lost_answers}},
        Mistake{"DropReorged", of_scheduler(&SD::drop_reorged), Flow{"reorganisation", reorganisation}},
        Mistake{"DoubleFallback", of_scheduler(&SD::second_nonce_fallback),
                Flow{"fallback", fallback, private_first}},
        Mistake{"FireBeforePersist", of_scheduler(&SD::fire_before_persist), Flow{"armed set", armed_set}},
        Mistake{"AcknowledgeEarly", of_shell(&ShellDefects::acknowledge_early), Flow{"send", send}},
        Mistake{"SkipSync", of_shell(&ShellDefects::skip_sync), Flow{"send", send}},
        Mistake{"SkipTheWitness", of_shell(&ShellDefects::skip_witness), Flow{"send", send}},
        Mistake{"NewStory", of_shell(&ShellDefects::new_story), Flow{"fallback", fallback, private_first}},
        Mistake{"ForgetWaiting", of_scheduler(&SD::forget_waiting),
                Flow{"waits again", waits_again, one_at_a_time}},
        Mistake{"NoBudget", of_shell(&ShellDefects::no_budget), Flow{"caps", caps, tight_budget}},
        Mistake{"NoFloor", of_shell(&ShellDefects::no_floor), Flow{"caps", caps, tight_floor}}),
    [](const auto& one) { return std::string{one.param.name}; });

}  // namespace
}  // namespace plimsoll::crash
