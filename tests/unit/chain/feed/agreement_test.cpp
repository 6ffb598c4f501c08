// SPDX-License-Identifier: Apache-2.0
// When what the sources say allows a send: one table.
#include "chain/feed/agreement.hpp"

#include "chain/feed/finality.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plimsoll::feed {
namespace {

using Why = Agreement::Why;

constexpr std::uint64_t kTip = 1'000;

/// One source a word: "+0" on our chain at the tip's number plus that, "x0" on another chain, "?" no head
/// yet, "b" below all we hold. "!" in front: not alive.
std::vector<SourceStand> sources(const std::string& text) {
    std::vector<SourceStand> out;
    std::size_t at = 0;
    while (at < text.size()) {
        SourceStand source;
        source.alive = text[at] != '!';
        if (!source.alive) ++at;
        const char kind = text[at++];
        if (kind == '?') source.on = SourceStand::On::nothing;
        if (kind == 'b') source.on = SourceStand::On::below;
        if (kind == 'o') source.on = SourceStand::On::our_chain;
        if (kind == 'x') source.on = SourceStand::On::elsewhere;
        if (kind == 'o' || kind == 'x') {
            std::size_t used = 0;
            source.number = BlockNumber{kTip + static_cast<std::uint64_t>(std::stol(text.substr(at), &used))};
            at += used;
        }
        out.push_back(source);
        while (at < text.size() && text[at] == ' ')
            ++at;
    }
    return out;
}

struct Row {
    const char* sources;
    Why why;
};

class AgreementTable : public testing::TestWithParam<Row> {};

TEST_P(AgreementTable, Judges) {
    const Agreement judged = agreement(BlockNumber{kTip}, sources(GetParam().sources));
    EXPECT_EQ(to_string(judged.why), to_string(GetParam().why)) << GetParam().sources;
    const bool may = GetParam().why == Why::agreed || GetParam().why == Why::alone;
    EXPECT_EQ(judged.may_send(), may);
}

INSTANTIATE_TEST_SUITE_P(One, AgreementTable,
                         testing::Values(Row{"o0", Why::alone}, Row{"o-1", Why::alone}, Row{"o3", Why::alone},
                                         Row{"o-2", Why::too_few}, Row{"x0", Why::another_hash},
                                         Row{"x-1", Why::too_few}, Row{"?", Why::too_few},
                                         Row{"b", Why::too_few}, Row{"!o0", Why::none_alive}));
INSTANTIATE_TEST_SUITE_P(Two, AgreementTable,
                         testing::Values(Row{"o0 o0", Why::agreed}, Row{"o0 o-1", Why::agreed},
                                         Row{"o0 o-4", Why::agreed}, Row{"o0 ?", Why::agreed},
                                         Row{"o-2 o-2", Why::too_few}, Row{"o0 x0", Why::another_hash},
                                         Row{"o0 x2", Why::another_hash}, Row{"o0 x-1", Why::outvoted},
                                         Row{"o0 !x0", Why::alone}, Row{"o0 !o0", Why::alone},
                                         Row{"!o0 !o0", Why::none_alive}, Row{"!o0 o-2", Why::too_few}));
INSTANTIATE_TEST_SUITE_P(Three, AgreementTable,
                         testing::Values(Row{"o0 o0 o0", Why::agreed}, Row{"o0 o-1 o-4", Why::agreed},
                                         Row{"o0 o-2 o-2", Why::too_few}, Row{"o0 o0 x0", Why::another_hash},
                                         Row{"o0 o0 x-1", Why::agreed}, Row{"o0 x-1 x-1", Why::too_few},
                                         Row{"o0 o-1 !x0", Why::agreed}, Row{"o0 ? ?", Why::too_few},
                                         Row{"o0 !? !o-9", Why::alone}, Row{"o1 o2 o0", Why::agreed}));
INSTANTIATE_TEST_SUITE_P(
    Five, AgreementTable,
    testing::Values(Row{"o0 o0 o0 o0 o0", Why::agreed}, Row{"o0 o0 o-1 o-4 o-4", Why::agreed},
                    Row{"o0 o0 o-4 o-4 o-4", Why::too_few}, Row{"o0 o0 o0 o0 x0", Why::another_hash},
                    Row{"o0 o0 o0 x-1 x-1", Why::agreed}, Row{"o0 o0 x-1 x-1 x-1", Why::too_few},
                    Row{"o0 o0 x-1 x-1 !o0", Why::outvoted}, Row{"o0 o-1 !o0 !x0 !x5", Why::agreed},
                    Row{"o0 !o0 !o0 !o0 !o0", Why::alone}, Row{"o0 o-3 o-3 !o0 !o0", Why::too_few}));

TEST(Agreement, CountsWhoIsAtTheTip) {
    const Agreement judged = agreement(BlockNumber{kTip}, sources("o0 o-1 o-2 !o0 ?"));
    EXPECT_EQ(judged.alive, 4U);
    EXPECT_EQ(judged.near_tip, 2U);
}

TEST(Agreement, OfNobodyIsNoAgreement) {
    EXPECT_EQ(agreement(BlockNumber{kTip}, {}).why, Why::none_alive);
}

TEST(Finality, KeepsWhatWasToldFinal) {
    Finality finality;
    finality.told(BlockNumber{10}, Hash32{{1}});
    finality.told(BlockNumber{10}, Hash32{{1}});
    finality.told(BlockNumber{9}, Hash32{{7}});
    finality.compare(BlockNumber{10}, Hash32{{1}});
    finality.compare(BlockNumber{11}, Hash32{{2}});
    finality.undone(BlockNumber{11});
    EXPECT_FALSE(finality.broken());
    EXPECT_EQ(finality.newest(), BlockNumber{10});
}

TEST(Finality, IsBrokenByAnotherHashByAnotherChainAndByAnUndoneBlockUntilResumed) {
    Finality told;
    told.told(BlockNumber{10}, Hash32{{1}});
    told.told(BlockNumber{10}, Hash32{{2}});
    EXPECT_NE(told.why().find("block 10 was final as 0x01"), std::string::npos) << told.why();
    Finality compared;
    compared.told(BlockNumber{10}, Hash32{{1}});
    compared.compare(BlockNumber{10}, Hash32{{2}});
    EXPECT_TRUE(compared.broken());
    Finality undone;
    undone.told(BlockNumber{10}, Hash32{{1}});
    undone.undone(BlockNumber{10});
    EXPECT_TRUE(undone.broken());
    undone.told(BlockNumber{12}, Hash32{{1}});
    EXPECT_TRUE(undone.broken());
    undone.resume();
    EXPECT_FALSE(undone.broken());
    undone.undone(BlockNumber{10});
    EXPECT_FALSE(undone.broken()) << "nothing is final until it is told again";
}

}  // namespace
}  // namespace plimsoll::feed
