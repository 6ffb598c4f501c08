// SPDX-License-Identifier: Apache-2.0
#include "chain/rpc/request_table.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace plimsoll::rpc {
namespace {

class Recorder final : public Waiter {
  public:
    void answered(Answer&& answer, ReceiveTime received) override {
        answers.push_back(std::move(answer));
        times.push_back(received);
    }
    std::vector<Answer> answers;
    std::vector<ReceiveTime> times;
};

TEST(RequestTable, TellsEachWaiterItsOwnAnswer) {
    RequestTable table{10};
    Recorder first;
    Recorder second;
    const RequestId a = table.next_id();
    const RequestId b = table.next_id();
    ASSERT_TRUE(table.open(a, Method::chain_id, first));
    ASSERT_TRUE(table.open(b, Method::balance, second));
    EXPECT_EQ(table.method_of(b), Method::balance);
    EXPECT_EQ(table.resolve(b, ReplyBody{U256{2}}, ReceiveTime{20}), Arrival::matched);
    EXPECT_EQ(table.resolve(a, ReplyBody{U256{1}}, ReceiveTime{30}), Arrival::matched);
    EXPECT_EQ(std::get<U256>(first.answers.at(0).value()), U256{1});
    EXPECT_EQ(std::get<U256>(second.answers.at(0).value()), U256{2});
    EXPECT_EQ(second.times.at(0), ReceiveTime{20});
    EXPECT_EQ(table.in_flight(), 0U);
}

TEST(RequestTable, TellsLateDuplicateAndForeignApart) {
    RequestTable table{10};
    Recorder recorder;
    const RequestId answered = table.next_id();
    const RequestId abandoned = table.next_id();
    ASSERT_TRUE(table.open(answered, Method::call, recorder));
    ASSERT_TRUE(table.open(abandoned, Method::call, recorder));
    table.abandon(abandoned);
    EXPECT_EQ(table.resolve(abandoned, ReplyBody{}, {}), Arrival::late);
    EXPECT_EQ(table.resolve(answered, ReplyBody{}, {}), Arrival::matched);
    EXPECT_EQ(table.resolve(answered, ReplyBody{}, {}), Arrival::duplicate);
    EXPECT_EQ(table.resolve(abandoned + 1, ReplyBody{}, {}), Arrival::foreign);
    EXPECT_EQ(table.resolve(0, ReplyBody{}, {}), Arrival::foreign);
    EXPECT_EQ(recorder.answers.size(), 1U);
}

TEST(RequestTable, BoundsWhatIsInFlight) {
    RequestTable table{2};
    Recorder recorder;
    ASSERT_TRUE(table.open(table.next_id(), Method::call, recorder));
    const RequestId second = table.next_id();
    ASSERT_TRUE(table.open(second, Method::call, recorder));
    EXPECT_EQ(table.open(table.next_id(), Method::call, recorder).error().code, Errc::limit_exceeded);
    table.abandon(second);
    EXPECT_TRUE(table.open(table.next_id(), Method::call, recorder));
}

TEST(RequestTable, FailsEverybodyWhenTheConnectionGoes) {
    RequestTable table{10};
    Recorder recorder;
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(table.open(table.next_id(), Method::call, recorder));
    RequestError gone;
    gone.code = Errc::disconnected;
    table.fail_all(gone);
    ASSERT_EQ(recorder.answers.size(), 3U);
    EXPECT_EQ(recorder.answers[2].error().code, Errc::disconnected);
    EXPECT_EQ(table.resolve(1, ReplyBody{}, {}), Arrival::duplicate);
    EXPECT_EQ(table.in_flight(), 0U);
}

}  // namespace
}  // namespace plimsoll::rpc
